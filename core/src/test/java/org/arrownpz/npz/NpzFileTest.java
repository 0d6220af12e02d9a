package org.arrownpz.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.Durability;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.Mapping;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.memory.ByteSource;
import org.arrownpz.memory.ByteSources;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.HeapChannel;
import org.arrownpz.testing.LeakCheck;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class NpzFileTest {
    private static final int ARRAYS = 30;
    private static final int LENGTH = 50_000;

    @TempDir
    private Path folder;

    private Path write(int level) throws NpzException {
        Path path = folder.resolve("level" + level + ".npz");
        WriteOptions options =
                WriteOptions.defaults().withDurability(Durability.RENAME_ONLY).deflate(level);
        try (NpzWriter writer = NpzWriter.create(path, options)) {
            for (int i = 0; i < ARRAYS; i++) {
                RawArray array = array(i);
                writer.array("a" + i + ".npy", array.header(), array);
            }
            writer.finish();
        }
        return path;
    }

    private static RawArray array(int i) {
        return RawArray.random(new Random(i), LENGTH);
    }

    private static void assertHolds(ArrowBuf region, RawArray expected) {
        byte[] bytes = new byte[(int) region.capacity()];
        region.getBytes(0, bytes);
        assertThat(bytes).isEqualTo(expected.bytes());
    }

    private static ArrowBuf data(NpzFile file, String name) throws NpzException {
        NpyArray array = file.array(name);
        return array.region(0, array.header().dataLength());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    void regionsSurviveClose(int level, BufferAllocator allocator) throws Exception {
        NpzFile file = NpzFile.open(allocator, write(level));
        ArrowBuf region = data(file, "a3");
        file.close();
        file.close();

        assertHolds(region, array(3));
        region.close();
        assertThat(allocator.getAllocatedMemory()).isZero();
    }

    @Test
    void storedArraysViewTheMappedFile(BufferAllocator allocator) throws Exception {
        try (NpzFile file = NpzFile.open(allocator, write(0));
                ArrowBuf region = data(file, "a3")) {
            assertHolds(region, array(3));
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
    }

    @Test
    void listsEntriesInTheDirectorysOrder(BufferAllocator allocator) throws Exception {
        try (NpzFile file = NpzFile.open(allocator, write(6))) {
            assertThat(file.entries()).hasSize(ARRAYS);
            NpzEntry entry = file.entries().get(7);
            assertThat(entry.name()).isEqualTo("a7.npy");
            assertThat(entry.key()).isEqualTo("a7");
            assertThat(entry.npy()).isTrue();
            assertThat(entry.stored()).isFalse();
            assertThat(entry.size()).isEqualTo(LENGTH + 128);
            assertThat(entry.compressedSize()).isBetween(1L, (long) LENGTH);
            assertThat(file.entry("a7")).isEqualTo(entry);
            assertThat(file.keys()).startsWith("a0", "a1", "a2");
            assertThat(file.contains("a7.npy")).isTrue();
            assertThat(file.contains("a7.npy.npy")).isFalse();
        }
    }

    @Test
    void inflatesAMemberOnce(BufferAllocator allocator) throws Exception {
        try (NpzFile file = NpzFile.open(allocator, write(6));
                ArrowBuf first = data(file, "a1");
                ArrowBuf second = data(file, "a1.npy")) {
            assertThat(first.memoryAddress()).isEqualTo(second.memoryAddress());
        }
    }

    @Test
    void inflatesManyMembersAhead(BufferAllocator allocator) throws Exception {
        try (NpzFile file = NpzFile.open(allocator, write(6))) {
            file.inflateAll(file.names());
            long allocated = allocator.getAllocatedMemory();
            for (int i = 0; i < ARRAYS; i++) {
                try (ArrowBuf region = data(file, "a" + i)) {
                    assertHolds(region, array(i));
                }
            }
            assertThat(allocator.getAllocatedMemory()).isEqualTo(allocated);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    void servesSeveralThreads(int level, BufferAllocator allocator) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (NpzFile file = NpzFile.openLazily(
                allocator, write(level), ReadOptions.defaults().withVerify(Verify.CRC))) {
            List<Future<?>> readers = new ArrayList<>();
            for (int reader = 0; reader < 8; reader++) {
                readers.add(pool.submit(() -> {
                    for (int i = 0; i < ARRAYS; i++) {
                        try (ArrowBuf region = data(file, "a" + i)) {
                            assertHolds(region, array(i));
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void lazyOpeningReadsNothingOfUnusedMembers(BufferAllocator allocator) throws Exception {
        byte[] archive = Files.readAllBytes(write(0));
        HeapChannel channel = new HeapChannel(archive);
        try (NpzFile file = NpzFile.openLazily(
                        allocator,
                        ByteSources.of(allocator, channel),
                        Location.ofFile("object"),
                        ReadOptions.defaults());
                ArrowBuf region = data(file, "a20")) {
            assertHolds(region, array(20));
        }
        assertThat(channel.bytesRead()).isLessThan(400_000);
        assertThat(archive.length).isGreaterThan(1_500_000);
    }

    @Test
    void openingFromAChannelTakesFewReads(BufferAllocator allocator) throws Exception {
        HeapChannel channel = new HeapChannel(Files.readAllBytes(write(6)));
        try (NpzFile file = NpzFile.open(
                allocator, ByteSources.of(allocator, channel), Location.ofFile("object"), ReadOptions.defaults())) {
            assertThat(file.size()).isEqualTo(ARRAYS);
        }
        assertThat(channel.reads()).hasSizeLessThan(ARRAYS);
    }

    @Test
    void checksStoredMembersOnlyWhenAsked(BufferAllocator allocator) throws Exception {
        Path path = write(0);
        long at;
        try (NpzFile file = NpzFile.open(allocator, path)) {
            at = file.payloadOffset("a5") + 1000;
        }
        try (RandomAccessFile raw = new RandomAccessFile(path.toFile(), "rw")) {
            raw.seek(at);
            raw.write(77);
        }

        try (NpzFile file = NpzFile.open(allocator, path)) {
            data(file, "a5").close();
            assertCode(() -> file.verifyCrc("a5"), ErrorCode.ZIP_CRC);
            file.verifyCrc("a4");
            assertCode(() -> file.bytes("a5", LENGTH * 2), ErrorCode.ZIP_CRC);
        }
        try (NpzFile file = NpzFile.open(allocator, path, ReadOptions.defaults().withVerify(Verify.CRC))) {
            assertCode(() -> file.array("a5"), ErrorCode.ZIP_CRC);
            assertCode(() -> file.member("a5"), ErrorCode.ZIP_CRC);
            data(file, "a4").close();
        }
    }

    @Test
    void boundsInflatedBytesOfTheWholeArchive(BufferAllocator allocator) throws Exception {
        ReadLimits limits = ReadLimits.defaults().withInflatedBytes(3L * (LENGTH + 128) + 5);
        try (NpzFile file =
                NpzFile.open(allocator, write(6), ReadOptions.defaults().withLimits(limits))) {
            file.array("a0");
            file.array("a1");
            file.array("a2");
            assertCode(() -> file.array("a3"), ErrorCode.LIMIT);
            file.array("a0");
            file.verifyCrc("a3");
        }
    }

    @Test
    void anAllocatorThatIsTooSmallIsALimit() throws Exception {
        try (BufferAllocator small = new RootAllocator(100_000);
                NpzFile file = NpzFile.open(small, write(6))) {
            assertCode(() -> file.inflateAll(file.names()), ErrorCode.LIMIT);
        }
    }

    @Test
    void everyRefusedAllocationIsALimitAndLeaksNothing() throws Exception {
        for (int level : new int[] {0, 6}) {
            Path path = write(level);
            ReadOptions options = ReadOptions.defaults().withVerify(Verify.CRC);
            for (Mapping mapping : Mapping.values()) {
                long requests = AllocationFaults.refuseEach(allocator -> {
                    try (NpzFile file = NpzFile.open(allocator, path, options.withMapping(mapping))) {
                        data(file, "a0").close();
                        file.verifyCrc("a1");
                        file.member("a2").region(0, 10).close();
                    }
                });
                assertThat(requests).isPositive();
            }
        }
    }

    @Test
    void provesHighRatiosBeforeTakingMemory(BufferAllocator allocator) throws Exception {
        Path path = folder.resolve("zeros.npz");
        int length = 40 << 20;
        try (NpzWriter writer = NpzWriter.create(
                path,
                WriteOptions.defaults().withDurability(Durability.RENAME_ONLY).deflate(1))) {
            RawArray zeros = new RawArray(new byte[length], length);
            writer.array("z.npy", zeros.header(), zeros);
            writer.finish();
        }

        try (BufferAllocator tight = new RootAllocator(48 << 20);
                NpzFile file = NpzFile.open(tight, path);
                ArrowBuf region = data(file, "z")) {
            assertThat(region.capacity()).isEqualTo(length);
            assertThat(region.getLong(length - 8)).isZero();
        }
    }

    @Test
    void aTruncatedFileIsATypedErrorAlsoUnderAMapping(BufferAllocator allocator) throws Exception {
        for (int level : new int[] {0, 6}) {
            Path path = write(level);
            try (NpzFile file = NpzFile.open(allocator, path)) {
                try (RandomAccessFile raw = new RandomAccessFile(path.toFile(), "rw")) {
                    raw.setLength(4096);
                }
                assertCode(() -> file.verifyCrc("a20"), ErrorCode.FILE_CHANGED);
            }
        }
    }

    @Test
    void aMemberCanBeOpenedAsAnArchive(BufferAllocator allocator) throws Exception {
        Path inner = write(0);
        Path outer = folder.resolve("bus.npz");
        try (ByteSource source = ByteSources.open(allocator, inner, Mapping.READ_ONLY);
                NpzWriter writer = NpzWriter.create(
                        outer,
                        WriteOptions.defaults()
                                .withDurability(Durability.RENAME_ONLY)
                                .deflate(6))) {
            writer.copy("frame.npz", source);
            writer.finish();
        }

        ArrowBuf region;
        try (NpzFile bus = NpzFile.open(allocator, outer);
                NpzFile frame = NpzFile.open(
                        allocator, bus.member("frame.npz"), bus.location("frame.npz"), ReadOptions.defaults())) {
            region = data(frame, "a11");
        }
        assertHolds(region, array(11));
        region.close();
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void opensUnderEveryMapping(Mapping mapping, BufferAllocator allocator) throws Exception {
        try (NpzFile file =
                        NpzFile.open(allocator, write(0), ReadOptions.defaults().withMapping(mapping));
                ArrowBuf region = data(file, "a29")) {
            assertHolds(region, array(29));
        }
    }

    @Test
    void misuseIsNotAFaultOfTheFile(BufferAllocator allocator) throws Exception {
        NpzFile file = NpzFile.open(allocator, write(6));
        assertThatIllegalArgumentException().isThrownBy(() -> file.array("nothing"));
        assertCode(() -> file.bytes("a0", 10), ErrorCode.LIMIT);
        ByteSource member = file.member("a0");
        file.close();

        assertThatIllegalStateException().isThrownBy(() -> file.array("a0"));
        assertThatIllegalStateException().isThrownBy(() -> member.region(0, 1));
    }

    @Test
    void aMissingFileIsAnIoFault(BufferAllocator allocator) {
        assertCode(() -> NpzFile.open(allocator, folder.resolve("none.npz")), ErrorCode.IO);
    }

    private static void assertCode(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOf(NpzException.class)
                .extracting(fault -> ((NpzException) fault).code())
                .isEqualTo(code);
    }
}
