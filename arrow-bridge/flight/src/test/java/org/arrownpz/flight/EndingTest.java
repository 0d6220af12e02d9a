package org.arrownpz.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.arrownpz.flight.FlightService.Ending;
import org.junit.jupiter.api.Test;

/** What ends one after the other is given one time for all of it. */
class EndingTest {
    private final AtomicLong clock = new AtomicLong(5);
    private final Ending ending = new Ending(100, clock::get);

    @Test
    void whatNeverEndsTakesTheTimeOnce() throws InterruptedException {
        List<Long> given = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ending.await(60, (time, unit) -> {
                given.add(unit.toNanos(time));
                clock.addAndGet(time);
                return false;
            });
        }
        assertThat(given).containsExactly(60L, 40L, 0L, 0L);
    }

    @Test
    void whatEndsAtOnceLeavesTheTimeToOthers() throws InterruptedException {
        ending.await(1000, (time, unit) -> true);
        ending.await(1000, (time, unit) -> {
            assertThat(time).isEqualTo(100);
            return true;
        });
    }
}
