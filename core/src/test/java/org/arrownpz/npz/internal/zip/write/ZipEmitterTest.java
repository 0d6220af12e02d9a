package org.arrownpz.npz.internal.zip.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.ZipLayout;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.FaultyFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipEmitterTest {
    @TempDir
    private Path folder;

    private FileChannel open(Path path) throws Exception {
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static byte[] name(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The first 5 GiB of the file are a hole, so that offsets need zip64 but the disk does not feel it. */
    @Test
    void writesOffsetsBeyondFourGibibytes() throws Exception {
        Path path = folder.resolve("far.npz");
        long start = 5L << 30;
        try (FileChannel channel = open(path);
                ZipEmitter emitter = new ZipEmitter(channel.position(start), Location.ofFile("far.npz"), 0)) {
            for (int i = 0; i < 3; i++) {
                emitter.begin(name("a" + i), 300_000, true, 0);
                emitter.write(ByteBuffer.wrap(new byte[300_000]));
                emitter.end();
            }
            emitter.finish();
        }

        ReadOptions options =
                ReadOptions.defaults().withZipLayout(ZipLayout.TOLERANT).withMapping(Mapping.COPY);
        try (BufferAllocator allocator = new RootAllocator();
                NpzFile file = NpzFile.open(allocator, path, options)) {
            assertThat(file.entry("a2").localHeaderOffset()).isGreaterThan(start + 600_000);
            assertThat(file.payloadOffset("a2") % ZipEmitter.ALIGNMENT).isZero();
            file.verifyCrc("a0");
            file.verifyCrc("a2");
        }
        try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(path.toFile())) {
            assertThat(zip.getInputStream(zip.getEntry("a1")).readAllBytes()).hasSize(300_000);
        }
    }

    @Test
    void emitsSmallMembersInFewWrites() throws Exception {
        FaultyFileSystem files = new FaultyFileSystem((operation, number) -> false);
        try (BufferAllocator allocator = new RootAllocator();
                ArrowBuf data = allocator.buffer(800);
                FileChannel channel = open(files.path(folder.resolve("wide.npz")));
                ZipEmitter emitter = new ZipEmitter(channel, Location.ofFile("wide.npz"), 0)) {
            data.setZero(0, 800);
            for (int i = 0; i < 10_000; i++) {
                emitter.begin(name("__blocks_" + i + "__.npy"), 800, true, 0);
                emitter.write(data, 0, 800);
                emitter.end();
            }
            emitter.finish();
        }
        assertThat(files.operations()).filteredOn("write"::equals).hasSizeBetween(1, 100);
    }

    @Test
    void reportsAChannelThatFailsAsAnIoFault() throws Exception {
        FileChannel channel = open(folder.resolve("a.npz"));
        try (ZipEmitter emitter = new ZipEmitter(channel, Location.ofFile("a.npz"), 0)) {
            channel.close();
            emitter.begin(name("a"), 10, false, -1);
            emitter.write(ByteBuffer.allocate(10));
            emitter.end();
            assertThatThrownBy(emitter::finish)
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("a.npz")
                    .extracting(fault -> ((NpzException) fault).code())
                    .isEqualTo(ErrorCode.IO);
        }
    }

    @Test
    void takesOneMemberAtATime() throws Exception {
        try (FileChannel channel = open(folder.resolve("a.npz"));
                ZipEmitter emitter = new ZipEmitter(channel, Location.ofFile("a.npz"), 0)) {
            emitter.begin(name("a"), 10, false, -1);
            assertThatIllegalStateException().isThrownBy(() -> emitter.begin(name("b"), 10, false, -1));
            assertThatIllegalStateException().isThrownBy(emitter::finish);
        }
    }
}
