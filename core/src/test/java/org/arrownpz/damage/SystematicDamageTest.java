package org.arrownpz.damage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files cut at every length and changed in every byte: with checksums on, an archive is refused with a typed exception,
 * or reads as it did before, down to the last name, label, type and value. An array in a file of its own has no
 * checksum: its header is checked, its values are what the bytes say.
 */
@ExtendWith(LeakCheck.class)
class SystematicDamageTest {
    private static final int FEWEST_SEEDS = 60;
    private static final long MEMORY_LIMIT = 64 << 20;

    @TempDir
    private static Path scratch;

    /** How many states there were, and what became of them. */
    private static final class Tally {
        private final Map<String, Integer> outcomes = new TreeMap<>();
        private int seeds;
        private int states;

        void count(String outcome) {
            states++;
            outcomes.merge(outcome, 1, Integer::sum);
        }

        @Override
        public String toString() {
            return seeds + " files, " + states + " states " + outcomes;
        }
    }

    /** A file in memory in one of its states. */
    private interface Check {
        /** @return the outcome's name */
        String of(ArrowBuf file) throws NpzException;
    }

    @Test
    void damagedArchivesAreRefusedOrReadAsBefore() throws Exception {
        Tally tally = archives(Effort.of(199, 29));

        assertThat(tally.states).isGreaterThan(Effort.of(2_000, 15_000));
    }

    @Test
    @Tag("soak")
    void archivesDamagedAnywhereAreRefusedOrReadAsBefore() throws Exception {
        Tally tally = archives(1);

        System.out.println("archives: " + tally);
        assertThat(tally.states).isGreaterThan(300_000);
    }

    /** @param stride every so many positions are changed, others in each file; all lengths that are a multiple are cut */
    private static Tally archives(int stride) throws Exception {
        Tally tally = new Tally();
        try (BufferAllocator root = new RootAllocator();
                BufferAllocator files = root.newChildAllocator("files", 0, Long.MAX_VALUE);
                BufferAllocator allocator = root.newChildAllocator("reader", 0, MEMORY_LIMIT)) {
            for (Seed seed : Seeds.archives(scratch)) {
                try (ArrowBuf file = files.buffer(seed.bytes().length)) {
                    file.setBytes(0, seed.bytes());
                    file.writerIndex(seed.bytes().length);
                    List<Object> archive = Snapshot.tried(() -> Snapshot.archive(allocator, file));
                    if (archive == null) {
                        // One of the hostile files.
                        continue;
                    }
                    List<Object> frame = Snapshot.tried(() -> Snapshot.frame(allocator, file));
                    damage(seed, file, stride, allocator, tally, state -> compare(allocator, state, archive, frame));
                }
            }
        }
        assertThat(tally.seeds).isGreaterThanOrEqualTo(FEWEST_SEEDS);
        return tally;
    }

    private static String compare(
            BufferAllocator allocator, ArrowBuf file, List<Object> archive, @Nullable List<Object> frame) {
        String outcome = "equal";
        try {
            equal(Snapshot.archive(allocator, file), archive);
        } catch (NpzException e) {
            outcome = e.code().name();
        }
        if (frame != null) {
            try {
                equal(Snapshot.frame(allocator, file), frame);
            } catch (NpzException e) {
                if (outcome.equals("equal")) {
                    throw new AssertionError("the archive is read, but not the frame", e);
                }
            }
        }
        return outcome;
    }

    // Cheaper than an assertion that describes itself, a million times.
    private static void equal(List<Object> actual, List<Object> expected) {
        if (!actual.equals(expected)) {
            assertThat(actual).isEqualTo(expected);
        }
    }

    @Test
    void damagedArraysAreRefusedOrReadAsTheirBytesSay() throws Exception {
        assertThat(arrays(23).states).isGreaterThan(10_000);
    }

    @Test
    @Tag("soak")
    void arraysDamagedAnywhereAreRefusedOrReadAsTheirBytesSay() throws Exception {
        Tally tally = arrays(1);

        System.out.println("arrays: " + tally);
        assertThat(tally.states).isGreaterThan(100_000);
    }

    private static Tally arrays(int stride) throws Exception {
        Tally tally = new Tally();
        try (BufferAllocator root = new RootAllocator();
                BufferAllocator files = root.newChildAllocator("files", 0, Long.MAX_VALUE);
                BufferAllocator allocator = root.newChildAllocator("reader", 0, MEMORY_LIMIT)) {
            for (Seed seed : Seeds.arrays()) {
                int size = seed.bytes().length;
                try (ArrowBuf file = files.buffer(Math.max(1, size))) {
                    file.setBytes(0, seed.bytes());
                    file.writerIndex(size);
                    int data = dataOffset(file);
                    if (data < 0) {
                        continue;
                    }
                    damage(seed, file, stride, allocator, tally, state -> read(allocator, state, seed, data));
                }
            }
        }
        return tally;
    }

    private static String read(BufferAllocator allocator, ArrowBuf file, Seed seed, int data) {
        boolean headerIsWhole = file.writerIndex() == seed.bytes().length;
        for (int i = 0; headerIsWhole && i < data; i++) {
            headerIsWhole = file.getByte(i) == seed.bytes()[i];
        }
        String outcome = "refused";
        try {
            Snapshot.frame(allocator, file);
            outcome = "read";
        } catch (NpzException e) {
            outcome = e.code().name();
        }
        if (headerIsWhole) {
            if (dataOffset(file) != data) {
                throw new AssertionError("a change of values concerns the header");
            }
            outcome = outcome.equals("read") ? "other values" : outcome;
        }
        return outcome;
    }

    private static int dataOffset(ArrowBuf file) {
        try (ByteSource source = ByteSources.of(file)) {
            NumpyArray array =
                    new NpyHeaderReader(ReadLimits.defaults()).open(source, Location.ofFile("array.npy"), false);
            Snapshot.array(array);
            return array.header().dataOffset();
        } catch (NpzException e) {
            return -1;
        }
    }

    private static void damage(
            Seed seed, ArrowBuf file, int stride, BufferAllocator allocator, Tally tally, Check check) {
        int size = seed.bytes().length;
        int first = tally.seeds++ % stride;
        int at = -1;
        try {
            for (at = first; at < size; at += stride) {
                file.writerIndex(at);
                check(file, allocator, tally, check);
            }
            file.writerIndex(size);
            for (at = first; at < size; at += stride) {
                byte original = seed.bytes()[at];
                for (byte value : values(original)) {
                    file.setByte(at, value);
                    check(file, allocator, tally, check);
                }
                file.setByte(at, original);
            }
        } catch (Throwable e) {
            String what = file.writerIndex() < size ? " cut to " + at : " with " + file.getByte(at) + " at byte " + at;
            throw new AssertionError(seed + what, e);
        }
    }

    /** Four values other than that one. */
    private static List<Byte> values(byte original) {
        List<Byte> values = new ArrayList<>();
        for (int value : new int[] {original ^ 1, original ^ 0x80, 0, 0xff, original ^ 0x20, original + 2}) {
            if (values.size() < 4 && (byte) value != original && !values.contains((byte) value)) {
                values.add((byte) value);
            }
        }
        return values;
    }

    private static void check(ArrowBuf file, BufferAllocator allocator, Tally tally, Check check) throws NpzException {
        tally.count(check.of(file));
        if (allocator.getAllocatedMemory() != 0 || file.refCnt() != 1) {
            throw new AssertionError(
                    allocator.getAllocatedMemory() + " bytes left, " + file.refCnt() + " references to the file");
        }
    }
}
