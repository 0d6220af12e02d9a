package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.arrownpz.compare.Rounds.Measurement;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final long MUCH = Long.MAX_VALUE;

    @Test
    void warmsEachCallUpAndLetsThemTakeTurns() throws Exception {
        List<String> order = new ArrayList<>();
        Rounds rounds = new Rounds(1, MUCH);
        List<Measurement> results = new ArrayList<>();
        rounds.add("a", () -> order.add("a"), results::add);
        rounds.add("b", () -> order.add("b"), results::add);
        rounds.run(text -> {});
        assertThat(order).containsExactly("a", "b", "a", "b");
        assertThat(results).extracting(Measurement::samples).containsExactly(1, 1);
    }

    @Test
    void repeatsShortCallsWithinTheirTurn() throws Exception {
        assertThat(samples(new Rounds(2, MUCH), () -> {})).isGreaterThan(2);
    }

    @Test
    void givesCallsThatSpentTheirTimeThreeSamplesAllTheSame() throws Exception {
        assertThat(samples(new Rounds(9, 0), () -> Thread.sleep(6))).isEqualTo(3);
    }

    @Test
    void givesEachCallTheLeastNumberOfSamplesThatIsAskedFor() throws Exception {
        assertThat(samples(new Rounds(9, 0, 5, 0), () -> Thread.sleep(6))).isEqualTo(5);
    }

    private static int samples(Rounds rounds, Rounds.Call call) throws Exception {
        List<Measurement> results = new ArrayList<>();
        rounds.add("a call", call, results::add);
        rounds.run(text -> {});
        return results.get(0).samples();
    }

    @Test
    void failsWithTheCall() {
        Rounds rounds = new Rounds(1, MUCH);
        rounds.add(
                "broken",
                () -> {
                    throw new IOException("gone");
                },
                time -> {});
        assertThatThrownBy(() -> rounds.run(text -> {})).isInstanceOf(IOException.class);
    }

    @Test
    void summarisesByMedianAndQuartiles() {
        Measurement time = Measurement.of(50, 10, 20, 40, 30);
        assertThat(time).isEqualTo(new Measurement(30, 10, 20, 40, 5));
        assertThat(time.spread()).isCloseTo(20 / 30.0, within(1e-9));
        assertThat(Measurement.of(1, 2).median()).isEqualTo(1.5);
        assertThat(Measurement.of(60).over(time)).isEqualTo(2.0);
        assertThat(Measurement.of(19).isClearlyBelow(time)).isTrue();
        assertThat(Measurement.of(20).isClearlyBelow(time)).isFalse();
        assertThatThrownBy(Measurement::of).isInstanceOf(IllegalArgumentException.class);
    }
}
