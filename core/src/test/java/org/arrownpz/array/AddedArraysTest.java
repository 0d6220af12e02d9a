package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that come to those of an archive, whose other members stay as they lie. */
@ExtendWith(LeakCheck.class)
class AddedArraysTest {
    private static final WriteOptions QUICK = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final double[] LONG = new Random(7).doubles(200_000).toArray();

    @TempDir
    Path directory;

    private Path archive(int level) throws Exception {
        Path path = directory.resolve("archive.npz");
        Map<String, Object> arrays = new LinkedHashMap<>();
        arrays.put("long", LONG);
        arrays.put("short", new int[] {1, 2, 3});
        arrays.put("ä/b", new String[] {"x", "yz"});
        Npz.save(path, arrays, QUICK.deflate(level));
        return path;
    }

    private List<String> listing() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    void keepsMembersAsTheyLieAndPutsArraysBehindThem(int level, BufferAllocator allocator) throws Exception {
        Path path = archive(level);
        List<NpzEntry> before;
        try (NpzFile file = NpzFile.open(allocator, path)) {
            before = file.entries();
        }
        Npz.add(allocator, path, Map.of("more", new float[] {4}));

        ReadOptions checked = ReadOptions.defaults().withVerify(Verify.CRC);
        try (NpzFile file = NpzFile.open(allocator, path, checked)) {
            assertThat(file.keys()).containsExactly("long", "short", "ä/b", "more");
            for (NpzEntry entry : before) {
                NpzEntry kept = file.entry(entry.name());
                assertThat(List.of(kept.method(), kept.size(), kept.compressedSize(), kept.crc()))
                        .isEqualTo(List.of(entry.method(), entry.size(), entry.compressedSize(), entry.crc()));
                assertThat(kept.stored()).isEqualTo(level == 0);
                if (level == 0) {
                    assertThat(file.payloadOffset(entry.name()) % 64).isZero();
                }
            }
        }
        try (NumpyArrays arrays = Npz.load(allocator, path, checked)) {
            assertThat(arrays.get("long").doubles()).isEqualTo(LONG);
            assertThat(arrays.get("short").ints()).containsExactly(1, 2, 3);
            assertThat(arrays.get("ä/b").strings()).containsExactly("x", "yz");
            assertThat(arrays.get("more").floats()).containsExactly(4);
        }
        assertThat(listing()).containsExactly("archive.npz");
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void takesMembersOverHoweverTheFileIsRead(Mapping mapping, BufferAllocator allocator) throws Exception {
        Path path = archive(0);
        byte[] before = Files.readAllBytes(path);
        Path target = directory.resolve("other.npz");
        ReadOptions read = ReadOptions.defaults().withMapping(mapping);
        Npz.add(allocator, path, target, Map.of("more", new long[] {1}), read, QUICK);
        assertThat(path).hasBinaryContent(before);
        try (NumpyArrays arrays = Npz.load(allocator, target)) {
            assertThat(arrays.get("long").doubles()).isEqualTo(LONG);
            assertThat(arrays.get("more").longs()).containsExactly(1);
        }
    }

    @Test
    void addsArraysOfTheArchiveItself(BufferAllocator allocator) throws Exception {
        Path path = archive(0);
        try (NumpyArrays open = Npz.load(allocator, path)) {
            Npz.add(allocator, path, Map.of("copy", open.get("long")));
            assertThat(open.get("long").doubles()).isEqualTo(LONG);
        }
        try (NumpyArrays arrays = Npz.load(allocator, path)) {
            assertThat(arrays.get("copy").doubles()).isEqualTo(LONG);
        }
    }

    @Test
    void refusesNamesThatAreTakenUnlessTheyAreToBeReplaced(BufferAllocator allocator) throws Exception {
        Path path = archive(0);
        byte[] before = Files.readAllBytes(path);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Npz.add(allocator, path, Map.of("short", new int[] {9})))
                .withMessageContainingAll("archive.npz", "'short.npy' already", "--force");
        assertThat(path).hasBinaryContent(before);
        Npz.add(allocator, path, path, Map.of("short", new int[] {9}), ReadOptions.defaults(), QUICK.withOverwrite());
        try (NumpyArrays arrays = Npz.load(allocator, path)) {
            assertThat(arrays.names()).containsExactly("long", "ä/b", "short");
            assertThat(arrays.get("short").ints()).containsExactly(9);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "/x", "a\\b", "a\u0000", "\ud800"})
    void refusesNamesThatNoMemberCanHave(String name, BufferAllocator allocator) throws Exception {
        Path path = archive(0);
        byte[] before = Files.readAllBytes(path);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Npz.add(allocator, path, Map.of(name, new int[] {9})))
                .withMessageContaining("cannot be saved");
        assertThat(path).hasBinaryContent(before);
        assertThat(listing()).containsExactly("archive.npz");
    }

    @Test
    void carriesDamageWithTheChecksumThatTellsIt(BufferAllocator allocator) throws Exception {
        Path path = archive(0);
        byte[] bytes = Files.readAllBytes(path);
        bytes[100_000] ^= 1;
        Files.write(path, bytes);
        ReadOptions checked = ReadOptions.defaults().withVerify(Verify.CRC);
        NpzException found = catchThrowableOfType(
                NpzException.class, () -> Npz.add(allocator, path, path, Map.of("m", new int[1]), checked, QUICK));
        assertThat(found.code()).isEqualTo(ErrorCode.ZIP_CRC);
        assertThat(path).hasBinaryContent(bytes);
        Npz.add(allocator, path, Map.of("m", new int[1]));
        try (NpzFile file = NpzFile.open(allocator, path)) {
            NpzException kept = catchThrowableOfType(NpzException.class, () -> file.verifyCrc("long"));
            assertThat(kept.code()).isEqualTo(ErrorCode.ZIP_CRC);
        }
    }

    @Test
    void leavesFoldersOutAndKeepsMembersThatAreNoArrays(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("foreign.npz");
        try (OutputStream out = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            zip.putNextEntry(new ZipEntry("folder/"));
            zip.putNextEntry(new ZipEntry("folder/notes.txt"));
            zip.write("hello".getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        Npz.add(allocator, path, Map.of("m", new int[] {5}));
        try (NpzFile file = NpzFile.open(allocator, path)) {
            assertThat(file.names()).containsExactly("folder/notes.txt", "m.npy");
            assertThat(file.bytes("folder/notes.txt", 100))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("hello");
        }
    }

    @Test
    void refusesWhatIsNoArchive(BufferAllocator allocator) throws Exception {
        Path missing = directory.resolve("missing.npz");
        assertThatThrownBy(() -> Npz.add(allocator, missing, Map.of("m", new int[1])))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("IO");
        assertThat(missing).doesNotExist();
        Path text = Files.writeString(directory.resolve("text.npz"), "no archive at all, and yet some text in a file");
        assertThatThrownBy(() -> Npz.add(allocator, text, Map.of("m", new int[1])))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("ZIP");
    }
}
