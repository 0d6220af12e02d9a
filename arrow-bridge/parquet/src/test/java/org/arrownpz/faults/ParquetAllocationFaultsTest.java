package org.arrownpz.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every request to the Java allocator is refused in turn around the native Parquet library. */
@ExtendWith(LeakCheck.class)
class ParquetAllocationFaultsTest {
    private static final ParquetOptions FAST = ParquetOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final int ROWS = 20;

    @TempDir
    private static Path directory;

    private static Path file;

    @BeforeAll
    static void writesSample() throws Exception {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
        org.apache.arrow.dataset.jni.JniLoader.get().ensureLoaded();
        file = directory.resolve("a.parquet");
        try (BufferAllocator allocator = new RootAllocator()) {
            write(allocator, file, () -> {});
        }
    }

    private static void write(BufferAllocator allocator, Path target, Runnable begin) throws Exception {
        try (Roots table = Roots.mixed(allocator, ROWS);
                Frame frame = Frame.of(table.root(), table.dictionaries())) {
            begin.run();
            Parquet.write(frame, target, FAST);
        }
    }

    @Test
    void writingFailsAsLimitAndLeavesTheOldFile(@TempDir Path folder) throws Exception {
        Path target = folder.resolve("a.parquet");
        byte[] old = {1, 2, 3};
        byte[] complete = Files.readAllBytes(file);

        long requests = Refusals.eachOrWithout(Refusals::isLimit, refusals -> {
            Files.write(target, old);
            boolean done = false;
            try {
                write(refusals.allocator(), target, refusals::begin);
                done = true;
            } finally {
                assertThat(Files.readAllBytes(target)).isEqualTo(done ? complete : old);
                try (Stream<Path> files = Files.list(folder)) {
                    assertThat(files).containsExactly(target);
                }
            }
        });

        assertThat(requests).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"frame", "batches", "columns"})
    void readingFailsAsLimit(String way) throws Exception {
        long requests = Refusals.each(Refusals::isLimit, refusals -> {
            refusals.begin();
            read(refusals.allocator(), way);
        });

        assertThat(requests).isPositive();
    }

    /** Arrow's importer hides what was refused behind an exception about the field. */
    @Test
    void aRefusedImportIsALimit() {
        Refusals.ofArrowsOwn(9, Refusals::isLimit, refusals -> {
            refusals.begin();
            read(refusals.allocator(), "frame");
        });
    }

    private static void read(BufferAllocator allocator, String way) throws Exception {
        try (ParquetFile read =
                way.equals("columns") ? Parquet.read(allocator, file, "text", "bits") : Parquet.read(allocator, file)) {
            if (!way.equals("batches")) {
                assertThat(read.frame().rowCount()).isEqualTo(ROWS);
                return;
            }
            ArrowReader reader = read.reader();
            long rows = 0;
            while (reader.loadNextBatch()) {
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
            assertThat(rows).isEqualTo(ROWS);
        }
    }
}
