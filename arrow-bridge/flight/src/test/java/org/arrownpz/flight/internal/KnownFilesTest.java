package org.arrownpz.flight.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
class KnownFilesTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-02T03:04:05.678Z"));

    @TempDir
    Path directory;

    private static void write(BufferAllocator allocator, Path file, int rows, String... columns) throws Exception {
        List<FieldVector> vectors = new ArrayList<>();
        for (String name : columns) {
            IntVector vector = new IntVector(name, allocator);
            vector.allocateNew(rows);
            vector.setValueCount(rows);
            vectors.add(vector);
        }
        try (VectorSchemaRoot root = new VectorSchemaRoot(vectors);
                Frame frame = Frame.of(root)) {
            Frames.write(frame, file, WriteOptions.defaults());
        }
    }

    private static KnownFiles.Facts facts(KnownFiles known, Path file) throws Exception {
        return known.facts(Objects.requireNonNull(KnownFiles.Seen.now(file)));
    }

    @Test
    void tellWhatIsInAFile(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.npz");
        write(allocator, file, 3, "x", "y");
        KnownFiles.Facts facts = facts(new KnownFiles(allocator, 1 << 20), file);
        assertThat(facts.format()).isEqualTo("npz");
        assertThat(facts.rows()).isEqualTo(3);
        assertThat(facts.columns()).isEqualTo(2);
        assertThat(facts.schema().getFields()).extracting("name").containsExactly("x", "y");
    }

    @Test
    void areReadOnceWhileTimeSizeAndIdentityStay(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.npz");
        write(allocator, file, 3, "x");
        Files.setLastModifiedTime(file, LONG_AGO);
        KnownFiles known = new KnownFiles(allocator, 1 << 20);
        KnownFiles.Facts first = facts(known, file);
        // As nobody does it: the same file, the same bytes' number, and its time set back.
        Files.write(file, new byte[(int) Files.size(file)]);
        Files.setLastModifiedTime(file, LONG_AGO);
        assertThat(facts(known, file)).isSameAs(first);
    }

    @Test
    void areReadAnewOnceAFileIsReplacedDamagedOrCut(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.npz");
        Path other = directory.resolve("b.npz");
        write(allocator, file, 3, "x");
        write(allocator, other, 3, "z");
        assertThat(Files.size(other)).isEqualTo(Files.size(file));
        Files.setLastModifiedTime(file, LONG_AGO);
        Files.setLastModifiedTime(other, LONG_AGO);
        KnownFiles known = new KnownFiles(allocator, 1 << 20);
        facts(known, file);
        // Another file with time and size of the first.
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(facts(known, file).schema().findField("z")).isNotNull();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, new byte[whole.length]);
        assertThat(facts(known, file).format()).isEqualTo(KnownFiles.UNREADABLE);
        Files.write(file, whole);
        assertThat(facts(known, file).rows()).isEqualTo(3);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
        assertThat(facts(known, file).table()).isNull();
    }

    /** Times of files are not finer than the clock's ticks. */
    @Test
    void areNotKeptOfFilesThatWereChangedJustNow(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("a.npz");
        Path other = directory.resolve("b.npz");
        write(allocator, file, 3, "x");
        write(allocator, other, 3, "z");
        FileTime now = Files.getLastModifiedTime(file);
        KnownFiles known = new KnownFiles(allocator, 1 << 20);
        facts(known, file);
        Files.write(file, Files.readAllBytes(other));
        Files.setLastModifiedTime(file, now);
        assertThat(facts(known, file).schema().findField("z")).isNotNull();
        assertThat(known.bytes()).isZero();
    }

    @Test
    void shareWhatFilesOfTheSameColumnsHaveInCommon(BufferAllocator allocator) throws Exception {
        KnownFiles known = new KnownFiles(allocator, 1 << 20);
        List<KnownFiles.Table> tables = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path file = directory.resolve(i + ".npz");
            write(allocator, file, i + 1, "x", i < 2 ? "y" : "z");
            Files.setLastModifiedTime(file, LONG_AGO);
            tables.add(Objects.requireNonNull(facts(known, file).table()));
        }
        assertThat(tables.get(1)).isSameAs(tables.get(0));
        assertThat(tables.get(2)).isNotSameAs(tables.get(0));
    }

    @Test
    void takeNoMoreMemoryThanTheirBoundAndForgetTheEldest(BufferAllocator allocator) throws Exception {
        long bound = 100_000;
        KnownFiles known = new KnownFiles(allocator, bound);
        Path first = directory.resolve("first.npz");
        write(allocator, first, 1, "first");
        Files.setLastModifiedTime(first, LONG_AGO);
        KnownFiles.Facts kept = facts(known, first);
        for (int i = 0; i < 100; i++) {
            Path file = directory.resolve(i + ".npz");
            write(allocator, file, 1, "column" + i, "other" + i);
            Files.setLastModifiedTime(file, LONG_AGO);
            facts(known, file);
            // Asked for again and again.
            assertThat(facts(known, first)).isSameAs(kept);
            assertThat(known.bytes()).isBetween(1L, bound);
        }
        Path last = directory.resolve("99.npz");
        KnownFiles.Facts again = facts(known, last);
        assertThat(facts(known, last)).isSameAs(again);
    }

    @Test
    void keepNothingOfWhatIsLargerThanTheirBound(BufferAllocator allocator) throws Exception {
        KnownFiles known = new KnownFiles(allocator, 1000);
        Path file = directory.resolve("wide.npz");
        String[] names = new String[200];
        java.util.Arrays.setAll(names, i -> "column" + i);
        write(allocator, file, 1, names);
        Files.setLastModifiedTime(file, LONG_AGO);
        assertThat(facts(known, file).columns()).isEqualTo(200);
        assertThat(known.bytes()).isZero();
    }

    @Test
    void sayWhyAFileIsNoTable(BufferAllocator allocator) throws Exception {
        Path file = Files.writeString(directory.resolve("a.npz"), "no archive");
        Files.setLastModifiedTime(file, LONG_AGO);
        KnownFiles known = new KnownFiles(allocator, 1 << 20);
        KnownFiles.Seen seen = Objects.requireNonNull(KnownFiles.Seen.now(file));
        assertThat(known.facts(seen).table()).isNull();
        assertThatThrownBy(() -> known.table(seen)).isInstanceOf(NpzException.class);
        assertThat(new KnownFiles(allocator, 1 << 20).facts(List.of(seen), () -> true))
                .containsExactly((KnownFiles.Facts) null);
    }
}
