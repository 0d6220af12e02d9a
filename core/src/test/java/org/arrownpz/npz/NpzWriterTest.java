package org.arrownpz.npz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipInputStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.Python;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that are written: who reads them, how their members lie, how many there may be. */
class NpzWriterTest {
    private static final WriteOptions QUICK = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @TempDir
    private Path folder;

    /** Members of all sizes around the staging buffer's, with names of all kinds. */
    private static Map<String, RawArray> arrays(long seed) {
        Random random = new Random(seed);
        int[] sizes = {0, 1, 63, 64, 800, 4096, 262_143, 262_144, 262_145, 1_000_003};
        Map<String, RawArray> arrays = new LinkedHashMap<>();
        for (int i = 0; i < Effort.of(14, 40); i++) {
            String name = i % 5 == 0 ? "é𝄞" + i : "x".repeat(i) + i;
            arrays.put(name + ".npy", RawArray.random(random, sizes[random.nextInt(sizes.length)]));
        }
        return arrays;
    }

    private Path write(String name, Map<String, RawArray> arrays, WriteOptions options) throws NpzException {
        Path path = folder.resolve(name);
        try (NpzWriter writer = NpzWriter.create(path, options)) {
            for (Map.Entry<String, RawArray> array : arrays.entrySet()) {
                writer.array(array.getKey(), array.getValue().header(), array.getValue());
            }
            writer.bytes("__meta__.json", "{}".getBytes(StandardCharsets.UTF_8));
            writer.finish();
        }
        return path;
    }

    private static byte[] whole(RawArray array) {
        byte[] header = array.header();
        return ByteBuffer.allocate(header.length + array.bytes().length)
                .put(header)
                .put(array.bytes())
                .array();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9})
    void isReadByCommonsCompress(int level) throws Exception {
        Map<String, RawArray> arrays = arrays(level);
        Path path = write("a.npz", arrays, QUICK.deflate(level));

        try (ZipFile zip = ZipFile.builder().setPath(path).get()) {
            assertThat(Collections.list(zip.getEntries())).hasSize(arrays.size() + 1);
            for (Map.Entry<String, RawArray> array : arrays.entrySet()) {
                ZipArchiveEntry entry = zip.getEntry(array.getKey());
                try (InputStream in = zip.getInputStream(entry)) {
                    assertThat(in.readAllBytes()).isEqualTo(whole(array.getValue()));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    void isReadByTheJdk(int level) throws Exception {
        Map<String, RawArray> arrays = arrays(level);
        Path path = write("a.npz", arrays, QUICK.deflate(level));

        try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(path.toFile())) {
            for (Map.Entry<String, RawArray> array : arrays.entrySet()) {
                try (InputStream in = zip.getInputStream(zip.getEntry(array.getKey()))) {
                    assertThat(in.readAllBytes()).isEqualTo(whole(array.getValue()));
                }
            }
        }
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(path))) {
            for (Map.Entry<String, RawArray> array : arrays.entrySet()) {
                assertThat(in.getNextEntry().getName()).isEqualTo(array.getKey());
                assertThat(in.readAllBytes()).isEqualTo(whole(array.getValue()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    void isReadByPython(int level) throws Exception {
        Path path = write("a.npz", arrays(level), QUICK.deflate(level));
        String script = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), len(z.namelist()))";

        // Where there is no Python, commons-compress and the JDK judge.
        if (Python.exists()) {
            assertThat(Python.run("-c", script, path.toString()))
                    .isEqualToIgnoringNewLines("None " + (arrays(level).size() + 1) + "\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    void isReadBack(int level) throws Exception {
        Map<String, RawArray> arrays = arrays(level);
        Path path = write("a.npz", arrays, QUICK.deflate(level));

        try (BufferAllocator allocator = new RootAllocator();
                NpzFile file =
                        NpzFile.open(allocator, path, ReadOptions.defaults().withVerify(Verify.CRC))) {
            assertThat(file.names())
                    .startsWith(arrays.keySet().toArray(String[]::new))
                    .endsWith("__meta__.json");
            for (Map.Entry<String, RawArray> expected : arrays.entrySet()) {
                NumpyArray array = file.array(expected.getKey());
                try (ArrowBuf region = array.region(0, array.header().dataLength())) {
                    byte[] bytes = new byte[(int) region.capacity()];
                    region.getBytes(0, bytes);
                    assertThat(bytes).isEqualTo(expected.getValue().bytes());
                }
            }
        }
    }

    @Test
    void alignsTheDataOfAllStoredArrays() throws Exception {
        Map<String, RawArray> arrays = arrays(3);
        Path path = write("a.npz", arrays, QUICK);

        try (BufferAllocator allocator = new RootAllocator();
                NpzFile file = NpzFile.open(allocator, path)) {
            for (Map.Entry<String, RawArray> array : arrays.entrySet()) {
                long data =
                        file.payloadOffset(array.getKey()) + array.getValue().header().length;
                assertThat(data % 64).as(array.getKey()).isZero();
            }
        }
    }

    @Test
    void writesHeadersAsStaticFrameDoes() throws Exception {
        RawArray array = new RawArray(new byte[] {1, 2, 3}, 3);
        byte[] file = Files.readAllBytes(write("a.npz", Map.of("__blocks_0__.npy", array), QUICK));
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(bytes.getShort(4)).as("version needed").isEqualTo((short) 45);
        assertThat(bytes.getInt(10)).as("1 January 1980, midnight").isEqualTo(0x00210000);
        assertThat(bytes.getInt(18)).as("compressed size").isEqualTo(-1);
        assertThat(bytes.getInt(22)).as("size").isEqualTo(-1);
        int extra = 30 + 16;
        assertThat(bytes.getInt(extra)).as("zip64 field").isEqualTo(0x00100001);
        assertThat(bytes.getLong(extra + 4)).isEqualTo(128 + 3);
        assertThat(bytes.getLong(extra + 12)).isEqualTo(128 + 3);
        assertThat(bytes.getShort(extra + 20)).as("alignment field").isEqualTo((short) 0xd935);
        assertThat(bytes.getShort(extra + 24)).isEqualTo((short) 64);
        int central = bytes.getInt(file.length - 6);
        assertThat(bytes.getShort(central + 4)).as("made by Unix, 4.5").isEqualTo((short) 0x032d);
        assertThat(bytes.getInt(central + 24)).as("size").isEqualTo(128 + 3);
        assertThat(bytes.getShort(central + 30)).as("extra length").isZero();
        assertThat(bytes.getInt(central + 38)).as("attributes").isEqualTo(0600 << 16);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    void sameInputGivesTheSameBytes(int level) throws Exception {
        Path first = write("a.npz", arrays(5), QUICK.deflate(level));
        Path second = write("b.npz", arrays(5), QUICK.deflate(level));

        assertThat(first).hasSameBinaryContentAs(second);
    }

    @ParameterizedTest
    @ValueSource(ints = {65_534, 65_535, 65_536, 70_000})
    void writesAndReadsMoreMembersThanSixteenBitsCount(int members) throws Exception {
        Path path = folder.resolve("many.npz");
        try (NpzWriter writer = NpzWriter.create(path, QUICK)) {
            for (int i = 0; i < members; i++) {
                writer.bytes("m" + i, new byte[] {(byte) i});
            }
            writer.finish();
        }

        try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(path.toFile())) {
            assertThat(zip.size()).isEqualTo(members);
        }
        try (BufferAllocator allocator = new RootAllocator();
                NpzFile file = NpzFile.open(allocator, path)) {
            assertThat(file.size()).isEqualTo(members);
            assertThat(file.bytes("m" + (members - 1), 1)).containsExactly(members - 1);
        }
    }

    @Test
    void copiesAnArchiveInAsAnAlignedMember() throws Exception {
        Map<String, RawArray> arrays = arrays(7);
        Path inner = write("inner.npz", arrays, QUICK);
        Path outer = folder.resolve("outer.npz");
        try (BufferAllocator allocator = new RootAllocator();
                NpzFile file = NpzFile.open(allocator, write("wrap.npz", Map.of(), QUICK));
                ByteSource source = ByteSources.open(allocator, inner, Mapping.READ_ONLY);
                NpzWriter writer = NpzWriter.create(outer, QUICK)) {
            assertThat(file.keys()).containsExactly("__meta__.json");
            writer.copy("frame.npz", source);
            writer.finish();
        }

        try (BufferAllocator allocator = new RootAllocator();
                NpzFile bus = NpzFile.open(allocator, outer);
                NpzFile frame = NpzFile.open(
                        allocator, bus.member("frame.npz"), bus.location("frame.npz"), ReadOptions.defaults())) {
            assertThat(bus.payloadOffset("frame.npz") % 64).isZero();
            assertThat(frame.names()).hasSize(arrays.size() + 1);
        }
    }
}
