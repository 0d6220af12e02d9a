package org.arrownpz.flight.internal.access;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.arrow.flight.CallStatus;
import org.arrownpz.flight.internal.FlightFaults;

/** The share that each caller has of the server, so that none takes all of it. Safe for use by several threads. */
public final class Shares {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    /** The things that callers take. */
    public enum Kind {
        /** Of those that run. */
        STREAM("streams"),
        /** Of those that run or wait. */
        QUERY("queries"),
        /** Of those that began within a minute. */
        PUT("puts in a minute"),
        /** Of puts that run: what has come of them. */
        BYTES("bytes of puts that run");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    private final Map<Kind, Long> most;
    private final LongSupplier clock;
    private final Map<Kind, Map<String, Long>> taken = new EnumMap<>(Kind.class);
    private final Map<String, Deque<Long>> puts = new HashMap<>();
    private final Map<Kind, Long> refused = new EnumMap<>(Kind.class);

    public Shares(int streams, int queries, int puts, long bytes) {
        this(streams, queries, puts, bytes, System::nanoTime);
    }

    /** @param clock as {@link System#nanoTime} */
    Shares(long streams, long queries, long puts, long bytes, LongSupplier clock) {
        this.most = Map.of(Kind.STREAM, streams, Kind.QUERY, queries, Kind.PUT, puts, Kind.BYTES, bytes);
        this.clock = clock;
    }

    /**
     * Takes one more.
     *
     * @return what gives it back, once; a put is given back by time alone
     * @throws org.apache.arrow.flight.FlightRuntimeException UNAVAILABLE when the caller has its share already
     */
    public Runnable take(Kind kind, String caller) {
        take(kind, caller, 1);
        return kind == Kind.PUT ? () -> {} : () -> give(kind, caller, 1);
    }

    /** Takes so many more, which {@link #give} gives back. */
    public synchronized void take(Kind kind, String caller, long count) {
        long limit = most.getOrDefault(kind, Long.MAX_VALUE);
        long held = kind == Kind.PUT ? begun(caller) : of(kind).getOrDefault(caller, 0L);
        if (count > limit - held) {
            refused.merge(kind, 1L, Long::sum);
            throw FlightFaults.of(
                    CallStatus.UNAVAILABLE,
                    "LIMIT: this server allows one caller " + limit + " " + kind.text + ", and it has " + held);
        }
        if (kind != Kind.PUT) {
            of(kind).merge(caller, count, Long::sum);
        } else if (limit < Integer.MAX_VALUE) {
            puts.computeIfAbsent(caller, name -> new ArrayDeque<>()).add(clock.getAsLong());
        }
    }

    private Map<String, Long> of(Kind kind) {
        return taken.computeIfAbsent(kind, key -> new HashMap<>());
    }

    /** Gives so many back. */
    public synchronized void give(Kind kind, String caller, long count) {
        of(kind).computeIfPresent(caller, (name, held) -> held <= count ? null : held - count);
    }

    /** The most that one caller has; of puts, where they are bounded. */
    public synchronized long most(Kind kind) {
        return kind == Kind.PUT
                ? puts.values().stream().mapToLong(Deque::size).max().orElse(0)
                : of(kind).values().stream().mapToLong(held -> held).max().orElse(0);
    }

    /** The puts of a minute; callers without one are forgotten. */
    private int begun(String caller) {
        long now = clock.getAsLong();
        puts.values().removeIf(times -> {
            while (!times.isEmpty() && now - times.getFirst() >= MINUTE) {
                times.removeFirst();
            }
            return times.isEmpty();
        });
        Deque<Long> times = puts.get(caller);
        return times == null ? 0 : times.size();
    }

    /** The number of refusals since the start. */
    public synchronized long refused(Kind kind) {
        return refused.getOrDefault(kind, 0L);
    }
}
