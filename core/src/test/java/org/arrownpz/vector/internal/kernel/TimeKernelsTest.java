package org.arrownpz.vector.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The NaT scan, rescaling and narrowing of times. */
@ExtendWith(LeakCheck.class)
class TimeKernelsTest {
    private static final long NAT = Long.MIN_VALUE;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 63, 64, 65, 511, 512, 513, 1500})
    void findsNatWhereverItStands(int count, BufferAllocator allocator) {
        long[] values =
                new Random(count).longs(count).map(v -> v == NAT ? 0 : v).toArray();
        try (KernelMemory source = KernelMemory.of(allocator, bytes(values), 5)) {
            assertThat(NatScan.contains(source.buffer, source.offset, count)).isFalse();
            assertThat(validity(allocator, values)).isZero();
        }
        for (int i = 0; i < count; i += Math.max(1, count / 40)) {
            long[] one = values.clone();
            one[i] = NAT;
            try (KernelMemory source = KernelMemory.of(allocator, bytes(one), 5)) {
                assertThat(NatScan.contains(source.buffer, source.offset, count))
                        .isTrue();
            }
            assertThat(validity(allocator, one)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.5, 1.0})
    void writesAClearBitForEachNat(double share, BufferAllocator allocator) {
        Random random = new Random(7);
        long[] values = new long[1003];
        Arrays.setAll(values, i -> random.nextDouble() < share ? NAT : random.nextLong());

        long nats = Arrays.stream(values).filter(v -> v == NAT).count();

        assertThat(validity(allocator, values)).isEqualTo((int) nats);
    }

    @Test
    void takesNoOtherExtremeForNat(BufferAllocator allocator) {
        long[] values = {NAT + 1, Long.MAX_VALUE, 0, -1, 1L << 62, -(1L << 62)};
        assertThat(validity(allocator, values)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"3600", "60", "10", "1", "1000000007"})
    void rescalesUpToTheLastValueThatFits(long factor, BufferAllocator allocator) {
        long largest = Long.MAX_VALUE / factor;
        long[] values = {0, 1, -1, largest, -largest, NAT, 12_345};
        long[] expected =
                Arrays.stream(values).map(v -> v == NAT ? NAT : v * factor).toArray();
        try (KernelMemory source = KernelMemory.of(allocator, bytes(values), 1);
                KernelMemory target = KernelMemory.ofLength(allocator, 8 * values.length, 3)) {
            assertThat(NarrowTime.rescale(
                            source.buffer, source.offset, target.buffer, target.offset, values.length, factor))
                    .isEqualTo(-1);
            assertThat(target.bytes()).isEqualTo(bytes(expected));
        }
    }

    @Test
    void reportsTheFirstValueThatDoesNotFit(BufferAllocator allocator) {
        long[] values = {5, NAT, Long.MAX_VALUE / 60 + 1, Long.MAX_VALUE};
        // Half of -2^63 would become NaT.
        long[] nat = {-(1L << 62)};
        try (KernelMemory source = KernelMemory.of(allocator, bytes(values), 0);
                KernelMemory single = KernelMemory.of(allocator, bytes(nat), 0);
                KernelMemory target = KernelMemory.ofLength(allocator, 8 * values.length, 0)) {
            assertThat(NarrowTime.rescale(source.buffer, source.offset, target.buffer, target.offset, 4, 60))
                    .isEqualTo(2);
            assertThat(NarrowTime.rescale(single.buffer, single.offset, target.buffer, target.offset, 1, 2))
                    .isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2147483647, -2147483648", "7, 306783378, -306783378", "12, 178956970, -178956970"})
    void narrowsUpToTheLastValueThatFits(long factor, long high, long low, BufferAllocator allocator) {
        assertThat(narrow(allocator, factor, 0, 1, -1, high, low, NAT))
                .containsExactly(0, (int) factor, (int) -factor, (int) (high * factor), (int) (low * factor), 0);
        assertThat(misfit(allocator, factor, 3, high + 1)).isEqualTo(1);
        assertThat(misfit(allocator, factor, NAT, low - 1)).isEqualTo(1);
    }

    @Test
    void findsTheFirstDayOfEveryMonthAsJavaTimeDoes(BufferAllocator allocator) {
        long[] months = new long[30_000];
        Arrays.setAll(months, i -> i - 15_000);
        int[] expected = Arrays.stream(months)
                .mapToInt(
                        m -> (int) YearMonth.of(1970, 1).plusMonths(m).atDay(1).toEpochDay())
                .toArray();
        assertThat(days(allocator, 1, months)).containsExactly(expected);
    }

    @Test
    void findsTheFirstDayOfTheOutermostYears(BufferAllocator allocator) {
        // The last years whose first day is a 32-bit number of days.
        long last = 5_881_580 - 1970;
        long first = -5_877_640 - 1970;
        assertThat(days(allocator, 12, last, first, NAT, 30))
                .containsExactly(
                        (int) YearMonth.of(5_881_580, 1).atDay(1).toEpochDay(),
                        (int) YearMonth.of(-5_877_640, 1).atDay(1).toEpochDay(),
                        0,
                        10_957);
        try (KernelMemory source = KernelMemory.of(allocator, bytes(last + 1, first - 2, Long.MAX_VALUE), 0);
                KernelMemory target = KernelMemory.ofLength(allocator, 4, 0)) {
            for (int i = 0; i < 3; i++) {
                assertThat(NarrowTime.monthsToDays(
                                source.buffer, source.offset + 8 * i, target.buffer, target.offset, 1, 12))
                        .isZero();
            }
        }
    }

    private static int validity(BufferAllocator allocator, long[] values) {
        byte[] expected = new byte[(values.length + 7) / 8];
        for (int i = 0; i < values.length; i++) {
            expected[i / 8] |= (byte) ((values[i] == NAT ? 0 : 1) << i % 8);
        }
        try (KernelMemory source = KernelMemory.of(allocator, bytes(values), 3);
                KernelMemory target = KernelMemory.ofLength(allocator, expected.length, 1)) {
            int nulls = NatScan.validity(source.buffer, source.offset, values.length, target.buffer, target.offset);
            assertThat(target.bytes()).isEqualTo(expected);
            return nulls;
        }
    }

    private static int[] narrow(BufferAllocator allocator, long factor, long... values) {
        try (KernelMemory source = KernelMemory.of(allocator, bytes(values), 3);
                KernelMemory target = KernelMemory.ofLength(allocator, 4 * values.length, 1)) {
            assertThat(NarrowTime.multiply(
                            source.buffer, source.offset, target.buffer, target.offset, values.length, factor))
                    .isEqualTo(-1);
            return ints(target.bytes());
        }
    }

    private static long misfit(BufferAllocator allocator, long factor, long... values) {
        try (KernelMemory source = KernelMemory.of(allocator, bytes(values), 3);
                KernelMemory target = KernelMemory.ofLength(allocator, 4 * values.length, 1)) {
            return NarrowTime.multiply(
                    source.buffer, source.offset, target.buffer, target.offset, values.length, factor);
        }
    }

    private static int[] days(BufferAllocator allocator, long factor, long... values) {
        try (KernelMemory source = KernelMemory.of(allocator, bytes(values), 3);
                KernelMemory target = KernelMemory.ofLength(allocator, 4 * values.length, 1)) {
            assertThat(NarrowTime.monthsToDays(
                            source.buffer, source.offset, target.buffer, target.offset, values.length, factor))
                    .isEqualTo(-1);
            return ints(target.bytes());
        }
    }

    private static byte[] bytes(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asLongBuffer().put(values);
        return buffer.array();
    }

    private static int[] ints(byte[] bytes) {
        int[] values = new int[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
        return values;
    }
}
