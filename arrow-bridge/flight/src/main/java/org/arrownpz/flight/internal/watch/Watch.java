package org.arrownpz.flight.internal.watch;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts calls, writes each to the access log, and tells why some failed. Safe for use by several threads. */
public final class Watch extends ServerStreamTracer.Factory {
    /** Upper ends of the classes of latencies, in seconds; one more is above them. */
    private static final double[] SECONDS = {0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 600};

    private static final String OTHER = "other";

    private final Set<String> methods;
    private final @Nullable AccessLog log;
    private final ServerLog faults = new ServerLog();
    private final Map<Ends, LongAdder> ends = new ConcurrentHashMap<>();
    private final Map<String, Latencies> latencies = new ConcurrentHashMap<>();
    private final LongAdder started = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();

    private record Ends(String call, Status.Code code) {}

    private record Latencies(AtomicLongArray classes, LongAdder nanos) {
        Latencies() {
            this(new AtomicLongArray(SECONDS.length + 1), new LongAdder());
        }

        void add(long time) {
            int i = 0;
            while (i < SECONDS.length && time > SECONDS[i] * TimeUnit.SECONDS.toNanos(1)) {
                i++;
            }
            classes.incrementAndGet(i);
            nanos.add(time);
        }
    }

    /**
     * Watches a server.
     *
     * @param methods full names of its methods; clients can ask for others, which count as one
     * @param log gets a line for each call, or null; it stays the caller's
     */
    public Watch(Set<String> methods, @Nullable AccessLog log) {
        this.methods = Set.copyOf(methods);
        this.log = log;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        started.increment();
        String name = methods.contains(fullMethodName)
                ? fullMethodName.substring(fullMethodName.lastIndexOf('/') + 1)
                : OTHER;
        return new WatchedCall(this, name, "");
    }

    /**
     * Watches a call that comes by HTTP. Whoever serves it tells its bytes and its end.
     *
     * @param name of the route, one of few
     * @param peer the client's address
     */
    public WatchedCall begin(String name, String peer) {
        started.increment();
        return new WatchedCall(this, name, peer);
    }

    void end(WatchedCall call, Status status, long nanos) {
        ended.increment();
        received.add(call.received());
        sent.add(call.sent());
        ends.computeIfAbsent(new Ends(call.name(), status.getCode()), key -> new LongAdder())
                .increment();
        latencies.computeIfAbsent(call.name(), key -> new Latencies()).add(nanos);
        faults.ended(call, status);
        if (log != null) {
            log.write(call, status, nanos);
        }
    }

    /** The counts, and what else is to be told, as Prometheus reads them. */
    public String text(Consumer<MetricsText> gauges) {
        MetricsText text = new MetricsText();
        print(text);
        gauges.accept(text);
        return text.toString();
    }

    private void print(MetricsText text) {
        text.family("arrownpz_calls_total", "counter", "Calls that ended, by their status.");
        ends.forEach((key, count) -> text.sample(
                "arrownpz_calls_total",
                "call=\"" + key.call() + "\",code=\"" + key.code().name() + "\"",
                count.sum()));
        text.single("arrownpz_calls_running", "gauge", "Calls that run.", started.sum() - ended.sum());
        text.single("arrownpz_received_bytes_total", "counter", "Bytes of calls that ended.", received.sum());
        text.single("arrownpz_sent_bytes_total", "counter", "Bytes of calls that ended.", sent.sum());
        text.single(
                "arrownpz_access_log_lost_total",
                "counter",
                "Lines of the access log that could not be written.",
                log == null ? 0 : log.lost());
        text.family("arrownpz_call_seconds", "histogram", "How long calls took.");
        latencies.forEach((call, times) -> print(text, "call=\"" + call + "\"", times));
    }

    private static void print(MetricsText text, String label, Latencies times) {
        long count = 0;
        for (int i = 0; i <= SECONDS.length; i++) {
            count += times.classes().get(i);
            String end = i < SECONDS.length ? String.valueOf(SECONDS[i]) : "+Inf";
            text.sample("arrownpz_call_seconds_bucket", label + ",le=\"" + end + "\"", count);
        }
        text.sample("arrownpz_call_seconds_sum", label, times.nanos().sum() / (double) TimeUnit.SECONDS.toNanos(1));
        text.sample("arrownpz_call_seconds_count", label, count);
    }
}
