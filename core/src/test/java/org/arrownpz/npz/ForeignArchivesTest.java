package org.arrownpz.npz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.arrownpz.Location;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.io.ByteSources;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.HeapChannel;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that other programs write, with random members. */
class ForeignArchivesTest {
    @TempDir
    private Path folder;

    private static Map<String, byte[]> members(long seed) {
        Random random = new Random(seed);
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (int i = 0; i < Effort.of(10, 25); i++) {
            int length = random.nextBoolean() ? random.nextInt(500) : random.nextInt(400_000);
            members.put(
                    (i % 7 == 0 ? "dir/é" : "m") + i,
                    RawArray.random(random, length).bytes());
        }
        return members;
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private void assertReads(byte[] archive, Map<String, byte[]> members) throws IOException {
        Path path = Files.write(folder.resolve("a.npz"), archive);
        ReadOptions options = ReadOptions.defaults().withVerify(Verify.CRC);
        try (BufferAllocator allocator = new RootAllocator()) {
            try (NpzFile file = NpzFile.open(allocator, path, options)) {
                assertHolds(file, members);
            }
            // As from an object store: no mapping, short reads.
            HeapChannel channel = new HeapChannel(archive, 7_001);
            try (NpzFile file =
                    NpzFile.open(allocator, ByteSources.of(allocator, channel), Location.ofFile("object"), options)) {
                assertHolds(file, members);
            }
        }
    }

    private static void assertHolds(NpzFile file, Map<String, byte[]> members) throws IOException {
        assertThat(file.names()).containsExactlyElementsOf(members.keySet());
        for (Map.Entry<String, byte[]> member : members.entrySet()) {
            assertThat(file.bytes(member.getKey(), 1 << 20)).isEqualTo(member.getValue());
            file.verifyCrc(member.getKey());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ZipEntry.STORED, ZipEntry.DEFLATED})
    void readsWhatTheJdkWrites(int method) throws IOException {
        Map<String, byte[]> members = members(method);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                ZipEntry entry = new ZipEntry(member.getKey());
                entry.setMethod(method);
                entry.setSize(member.getValue().length);
                entry.setCrc(Integer.toUnsignedLong(crc(member.getValue())));
                if (method == ZipEntry.STORED) {
                    entry.setCompressedSize(member.getValue().length);
                }
                out.putNextEntry(entry);
                out.write(member.getValue());
                out.closeEntry();
            }
        }
        assertReads(bytes.toByteArray(), members);
    }

    @ParameterizedTest
    @CsvSource({
        "0, Never, true", "0, AsNeeded, true", "0, Always, true", "0, AlwaysWithCompatibility, true",
        "8, Never, true", "8, AsNeeded, true", "8, Always, true", "8, AlwaysWithCompatibility, true",
        "0, Always, false", "8, Never, false", "8, AsNeeded, false", "8, Always, false"
    })
    void readsWhatCommonsCompressWrites(int method, Zip64Mode zip64, boolean seekable) throws IOException {
        Map<String, byte[]> members = members(method + 31L * zip64.ordinal());
        Path path = folder.resolve("cc.zip");
        try (OutputStream stream = seekable ? OutputStream.nullOutputStream() : Files.newOutputStream(path);
                ZipArchiveOutputStream out =
                        seekable ? new ZipArchiveOutputStream(path.toFile()) : new ZipArchiveOutputStream(stream)) {
            out.setUseZip64(zip64);
            out.setMethod(method);
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                ZipArchiveEntry entry = new ZipArchiveEntry(member.getKey());
                entry.setMethod(method);
                entry.setSize(member.getValue().length);
                entry.setCrc(Integer.toUnsignedLong(crc(member.getValue())));
                out.putArchiveEntry(entry);
                out.write(member.getValue());
                out.closeArchiveEntry();
            }
        }
        assertReads(Files.readAllBytes(path), members);
    }
}
