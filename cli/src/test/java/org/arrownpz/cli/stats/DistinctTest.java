package org.arrownpz.cli.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DistinctTest {
    @Test
    void countsExactlyWhileValuesAreFew() {
        Distinct distinct = new Distinct();
        for (int i = 0; i < 3 * Distinct.MOST; i++) {
            distinct.add(i % Distinct.MOST, i);
        }
        assertThat(distinct.isExact()).isTrue();
        assertThat(distinct.count()).isEqualTo(Distinct.MOST);
    }

    @Test
    void estimatesBeyond() {
        for (int count : new int[] {Distinct.MOST + 1, 100_000, 2_000_000}) {
            Distinct distinct = new Distinct();
            for (int i = 0; i < count; i++) {
                distinct.add(i * 4096L, i);
            }
            assertThat(distinct.isExact()).isFalse();
            assertThat((double) distinct.count()).isCloseTo(count, Percentage.withPercentage(3));
        }
    }

    @Test
    @DisplayName("B10: values whose mixed bits are chosen do not meet in a slot")
    void spreadsValuesThatWereMadeToCollide() {
        Random random = new Random(1);
        for (int i = 0; i < 20; i++) {
            long factor = random.nextLong() | 1;
            long slots = LongStream.range(0, 1000)
                    .mapToInt(mixed -> Distinct.slot(mixed << 16, factor, (1 << 15) - 1))
                    .distinct()
                    .count();
            assertThat(slots).isGreaterThan(500);
        }
    }

    @Test
    void knowsTheMostFrequentAndWhereTheyLie() {
        Distinct distinct = new Distinct();
        distinct.beginBatch();
        long[] values = {5, 6, 6, 7, 7, 7, 0};
        for (int row = 0; row < values.length; row++) {
            distinct.add(values[row], row);
        }
        int[] top = distinct.top(3);
        assertThat(distinct.key(top[0])).isEqualTo(7);
        assertThat(distinct.count(top[0])).isEqualTo(3);
        assertThat(distinct.row(top[0])).isEqualTo(5);
        assertThat(distinct.key(top[1])).isEqualTo(6);
        assertThat(distinct.key(top[2])).as("the least of equals").isZero();
        distinct.beginBatch();
        assertThat(distinct.row(top[0])).isNegative();
        assertThat(new Distinct().top(3)).isEmpty();
    }
}
