package org.arrownpz.cli.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void isExactWhileNumbersAreFew() {
        Sample sample = new Sample();
        for (int i = Sample.MOST; i > 0; i--) {
            sample.add(i);
        }
        assertThat(sample.isExact()).isTrue();
        assertThat(sample.quantile(0)).isOne();
        assertThat(sample.quantile(0.5)).isEqualTo((Sample.MOST + 1) / 2.0);
        assertThat(sample.quantile(1)).isEqualTo(Sample.MOST);
    }

    @Test
    void picksEvenlyOfMany() {
        Sample sample = new Sample();
        int count = 20 * Sample.MOST;
        for (int i = 0; i < count; i++) {
            sample.add(i);
        }
        assertThat(sample.isExact()).isFalse();
        for (double share : new double[] {0.01, 0.25, 0.5, 0.75, 0.99}) {
            assertThat(sample.quantile(share) / count).isCloseTo(share, Offset.offset(0.01));
        }
        assertThat(sample.mean()).isCloseTo((count - 1) / 2.0, Offset.offset(1e-3));
        assertThat(sample.deviation()).isCloseTo(count / Math.sqrt(12), Offset.offset(1.0));
    }

    @Test
    void keepsHistogramsOfTheGreatestNumbersFinite() {
        Sample sample = new Sample();
        for (double value : new double[] {-Double.MAX_VALUE, 0, Double.MAX_VALUE, Double.POSITIVE_INFINITY}) {
            sample.add(value);
        }
        assertThat(sample.histogram(4)).containsExactly(1, 0, 1, 1);
    }

    @Test
    void putsEqualNumbersIntoOnePart() {
        Sample sample = new Sample();
        sample.add(7);
        sample.add(7);
        assertThat(Arrays.stream(sample.histogram(4)).sum()).isEqualTo(2);
        assertThat(new Sample().histogram(4)).isEmpty();
        assertThat(new Sample().quantile(0.5)).isNaN();
    }
}
