package org.arrownpz.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.arrownpz.support.Meter.Watch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MeterTest {
    private final Watch watch = Watch.open();

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void weighsWorkByItsBytes() {
        Meter rows = Meter.begin(10, 3000);
        Meter bytes = Meter.begin(1000, 1000);
        assertThat(watch.share()).isZero();
        rows.set(5);
        bytes.add(250);
        bytes.add(250);
        assertThat(watch.share()).isEqualTo(0.5);
        assertThat(watch.bytes()).isEqualTo(2000);
    }

    @Test
    void doesNotKnowTheShareOfWorkWithoutEnd() {
        assertThat(watch.share()).isNegative();
        Meter.begin(10, 10).add(5);
        Meter.begin(0, 0).add(7);
        assertThat(watch.share()).isNegative();
        assertThat(watch.bytes()).isEqualTo(12);
    }

    @Test
    void doesNotCountMoreThanAll() {
        Meter.begin(10, 100).add(11);
        assertThat(watch.share()).isEqualTo(1);
    }

    @Test
    void takesWhatEndsForDoneUnlessItNeverBegan() {
        Meter half = Meter.begin(10, 100);
        half.add(5);
        half.end();
        assertThat(watch.share()).isEqualTo(1);
        Meter unread = Meter.begin(10, 100);
        assertThat(watch.share()).isEqualTo(0.5);
        unread.end();
        assertThat(watch.share()).isEqualTo(1);
    }

    @Test
    void seesNothingThatBeganBeforeItWasOpenedOrAfterItWasClosed() {
        Meter.begin(10, 100);
        watch.close();
        Meter.begin(10, 100).add(10);
        assertThat(watch.share()).isZero();
        try (Watch later = Watch.open()) {
            assertThat(later.share()).isNegative();
        }
    }

    @Test
    void seesNothingOfWorkThatIsNotMetered() {
        Meter.NONE.add(5);
        Meter.NONE.set(5);
        Meter.NONE.end();
        assertThat(watch.bytes()).isZero();
    }
}
