package org.arrownpz.event.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortGroupsTest {
    private static final int RUNS = 3000;

    private final BufferAllocator allocator = new RootAllocator();
    private final List<ArrowBuf> buffers = new ArrayList<>();

    @AfterEach
    void everythingIsGivenBack() {
        buffers.forEach(ArrowBuf::close);
        allocator.close();
    }

    private ArrowBuf bytes(long count) {
        ArrowBuf buffer = allocator.buffer(Math.max(1, count));
        buffers.add(buffer);
        return buffer;
    }

    /** Runs of 1 to 3 rows, some of them marked as null, and what their groups are. */
    private final class Input {
        final ArrowBuf codes = bytes(8L * RUNS);
        final ArrowBuf starts = bytes(4L * (RUNS + 1));
        final long flip;
        final TreeMap<Long, List<Integer>> groups;
        int rows;

        Input(long[] values, boolean unsigned, boolean nulls) {
            flip = unsigned ? Long.MIN_VALUE : 0;
            groups = new TreeMap<>(unsigned ? Long::compareUnsigned : Comparator.<Long>naturalOrder());
            SplittableRandom random = new SplittableRandom(7);
            int row = 0;
            for (int run = 0; run < RUNS; run++) {
                boolean marked = nulls && random.nextInt(5) == 0;
                int end = row + 1 + random.nextInt(3);
                codes.setLong(8L * run, values[run]);
                starts.setInt(4L * run, marked ? ~row : row);
                for (; row < end; row++) {
                    if (!marked) {
                        groups.computeIfAbsent(values[run], key -> new ArrayList<>())
                                .add(row);
                        rows++;
                    }
                }
            }
            starts.setInt(4L * RUNS, row);
        }

        SortGroups.Codes codes() {
            return SortGroups.codes(codes, flip, starts, RUNS);
        }

        void requireGroups(int count, ArrowBuf sorted, ArrowBuf offsets, ArrowBuf keys) {
            assertThat(count).isEqualTo(groups.size());
            int group = 0;
            int at = 0;
            for (Map.Entry<Long, List<Integer>> expected : groups.entrySet()) {
                assertThat(keys.getLong(8L * group)).isEqualTo(expected.getKey());
                assertThat(offsets.getInt(4L * group++)).isEqualTo(at);
                for (int row : expected.getValue()) {
                    assertThat(sorted.getInt(4L * at++)).isEqualTo(row);
                }
            }
            assertThat(offsets.getInt(4L * group)).isEqualTo(at);
        }

        void requireSorted() {
            SortGroups.Codes seen = codes();
            ArrowBuf sorted = bytes(4L * rows);
            ArrowBuf offsets = bytes(4L * (seen.runs() + 1));
            SortGroups.Lists lists = new SortGroups.Lists(
                    bytes(8L * seen.runs()), bytes(4L * seen.runs()), bytes(8L * seen.runs()), bytes(4L * seen.runs()));
            SortGroups.Lists result = SortGroups.sort(codes, flip, seen, starts, RUNS, lists);
            int count = SortGroups.collect(result, flip, seen, starts, sorted, offsets);
            requireGroups(count, sorted, offsets, result.codes());
        }

        void requireCounted() {
            SortGroups.Codes seen = codes();
            assertThat(seen.areDense()).isTrue();
            ArrowBuf sorted = bytes(4L * rows);
            ArrowBuf offsets = bytes(4L * (seen.span() + 2));
            ArrowBuf keys = bytes(8L * (seen.span() + 1));
            ArrowBuf places = bytes(4L * (seen.span() + 1));
            int count = SortGroups.counted(codes, flip, seen, starts, RUNS, places, sorted, offsets, keys);
            requireGroups(count, sorted, offsets, keys);
        }
    }

    private static long[] values(long least, long bound) {
        SplittableRandom random = new SplittableRandom(bound);
        return random.longs(RUNS, 0, bound).map(value -> value + least).toArray();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 700, 2047, 3999})
    void countsCodesThatLieCloseTogether(long bound) {
        for (long least : new long[] {0, -300, Long.MIN_VALUE, Long.MAX_VALUE - bound}) {
            for (boolean nulls : new boolean[] {false, true}) {
                new Input(values(least, bound), false, nulls).requireCounted();
                new Input(values(least & Long.MAX_VALUE - 6000, bound), true, nulls).requireCounted();
                new Input(values(least, bound), false, nulls).requireSorted();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {2049, 1L << 22, 1L << 33, (1L << 44) + 5, Long.MAX_VALUE})
    void sortsCodesThatLieApart(long bound) {
        for (boolean nulls : new boolean[] {false, true}) {
            new Input(values(0, bound), false, nulls).requireSorted();
            new Input(values(0, bound), true, nulls).requireSorted();
        }
    }

    @Test
    void sortsCodesOverTheWholeRange() {
        long[] values = new SplittableRandom(3).longs(RUNS).toArray();
        values[5] = Long.MIN_VALUE;
        values[6] = Long.MAX_VALUE;
        values[7] = -1;
        values[8] = Long.MAX_VALUE;
        for (boolean unsigned : new boolean[] {false, true}) {
            Input input = new Input(values, unsigned, false);
            assertThat(input.codes().areDense()).isFalse();
            input.requireSorted();
        }
    }

    @Test
    void hasNoGroupsWhereEveryRunIsNull() {
        ArrowBuf codes = bytes(16);
        ArrowBuf starts = bytes(12);
        starts.setInt(0, ~0);
        starts.setInt(4, ~1);
        starts.setInt(8, 2);
        SortGroups.Codes seen = SortGroups.codes(codes, 0, starts, 2);
        ArrowBuf offsets = bytes(8);

        assertThat(seen.areDense()).isTrue();
        assertThat(SortGroups.counted(codes, 0, seen, starts, 2, bytes(4), bytes(0), offsets, null))
                .isZero();
        assertThat(offsets.getInt(0)).isZero();
    }
}
