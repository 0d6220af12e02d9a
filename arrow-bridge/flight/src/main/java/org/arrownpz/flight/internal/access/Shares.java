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
        PUT("puts in a minute");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    private final Map<Kind, Integer> most;
    private final LongSupplier clock;
    private final Map<Kind, Map<String, Integer>> taken = new EnumMap<>(Kind.class);
    private final Map<String, Deque<Long>> puts = new HashMap<>();
    private final Map<Kind, Long> refused = new EnumMap<>(Kind.class);

    public Shares(int streams, int queries, int puts) {
        this(streams, queries, puts, System::nanoTime);
    }

    /** @param clock as {@link System#nanoTime} */
    Shares(int streams, int queries, int puts, LongSupplier clock) {
        this.most = Map.of(Kind.STREAM, streams, Kind.QUERY, queries, Kind.PUT, puts);
        this.clock = clock;
    }

    /**
     * Takes one more.
     *
     * @return what gives it back, once; a put is given back by time alone
     * @throws org.apache.arrow.flight.FlightRuntimeException UNAVAILABLE when the caller has its share already
     */
    public synchronized Runnable take(Kind kind, String caller) {
        int limit = most.getOrDefault(kind, Integer.MAX_VALUE);
        int held = kind == Kind.PUT ? begun(caller) : of(kind).getOrDefault(caller, 0);
        if (held >= limit) {
            refused.merge(kind, 1L, Long::sum);
            throw FlightFaults.of(
                    CallStatus.UNAVAILABLE,
                    "LIMIT: this server allows one caller " + limit + " " + kind.text + ", and it has as many");
        }
        if (kind == Kind.PUT) {
            if (limit < Integer.MAX_VALUE) {
                puts.computeIfAbsent(caller, name -> new ArrayDeque<>()).add(clock.getAsLong());
            }
            return () -> {};
        }
        of(kind).merge(caller, 1, Integer::sum);
        return () -> give(kind, caller);
    }

    private Map<String, Integer> of(Kind kind) {
        return taken.computeIfAbsent(kind, key -> new HashMap<>());
    }

    private synchronized void give(Kind kind, String caller) {
        of(kind).computeIfPresent(caller, (name, count) -> count == 1 ? null : count - 1);
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
