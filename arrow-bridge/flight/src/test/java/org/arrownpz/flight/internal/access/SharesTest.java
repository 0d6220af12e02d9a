package org.arrownpz.flight.internal.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.flight.FlightRuntimeException;
import org.arrownpz.flight.internal.access.Shares.Kind;
import org.junit.jupiter.api.Test;

/** One caller has its share and no more; others are not at its mercy. */
class SharesTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 7);
    private final Shares shares = new Shares(2, 1, 3, 100, now::get);

    private void refuses(Kind kind, String caller) {
        assertThatThrownBy(() -> shares.take(kind, caller))
                .isInstanceOf(FlightRuntimeException.class)
                .hasMessageStartingWith("LIMIT: this server allows one caller ");
    }

    @Test
    void countsWhatEachCallerHolds() {
        Runnable first = shares.take(Kind.STREAM, "ann");
        shares.take(Kind.STREAM, "ann");
        refuses(Kind.STREAM, "ann");
        shares.take(Kind.STREAM, "bob");
        shares.take(Kind.QUERY, "ann");
        refuses(Kind.QUERY, "ann");
        first.run();
        shares.take(Kind.STREAM, "ann");
        refuses(Kind.STREAM, "ann");
        assertThat(shares.refused(Kind.STREAM)).isEqualTo(2);
        assertThat(shares.refused(Kind.QUERY)).isEqualTo(1);
        assertThat(shares.refused(Kind.PUT)).isZero();
    }

    @Test
    void countsBytesByHowManyTheyAre() {
        shares.take(Kind.BYTES, "ann", 60);
        shares.take(Kind.BYTES, "bob", 70);
        assertThatThrownBy(() -> shares.take(Kind.BYTES, "ann", 41))
                .hasMessage("LIMIT: this server allows one caller 100 bytes of puts that run, and it has 60");
        shares.take(Kind.BYTES, "ann", 40);
        assertThat(shares.most(Kind.BYTES)).isEqualTo(100);
        shares.give(Kind.BYTES, "ann", 100);
        assertThat(shares.most(Kind.BYTES)).isEqualTo(70);
        assertThat(shares.refused(Kind.BYTES)).isOne();
    }

    @Test
    void forgetsPutsAfterAMinute() {
        for (int i = 0; i < 3; i++) {
            shares.take(Kind.PUT, "ann").run();
            now.addAndGet(10_000_000_000L);
        }
        refuses(Kind.PUT, "ann");
        shares.take(Kind.PUT, "bob");
        now.addAndGet(30_000_000_000L);
        shares.take(Kind.PUT, "ann");
        refuses(Kind.PUT, "ann");
    }
}
