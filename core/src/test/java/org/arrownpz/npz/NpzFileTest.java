package org.arrownpz.npz;

import static org.arrownpz.npz.SampleArchive.ARRAYS;
import static org.arrownpz.npz.SampleArchive.LENGTH;
import static org.arrownpz.npz.SampleArchive.QUICK;
import static org.arrownpz.npz.SampleArchive.array;
import static org.arrownpz.npz.SampleArchive.assertHolds;
import static org.arrownpz.npz.SampleArchive.data;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.arrownpz.testing.HeapChannel;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays of an archive: mapped or inflated, by many threads, from channels and other archives. */
@ExtendWith(LeakCheck.class)
class NpzFileTest {
    @TempDir
    private Path folder;

    private Path write(int level) throws NpzException {
        return SampleArchive.write(folder, level);
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
    void aMemberCanBeOpenedAsAnArchive(BufferAllocator allocator) throws Exception {
        Path inner = write(0);
        Path outer = folder.resolve("bus.npz");
        try (ByteSource source = ByteSources.open(allocator, inner, Mapping.READ_ONLY);
                NpzWriter writer = NpzWriter.create(outer, QUICK.deflate(6))) {
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
}
