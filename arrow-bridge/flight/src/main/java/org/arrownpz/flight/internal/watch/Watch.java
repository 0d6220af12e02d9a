package org.arrownpz.flight.internal.watch;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls, writes each to the access log, and tells why some failed. Labels are the server's own: nothing that clients
 * send comes into metrics. Safe for use by several threads.
 */
public final class Watch extends ServerStreamTracer.Factory implements AutoCloseable {
    /** Upper ends of the classes of latencies; one more is above them. */
    private static final Duration[] CLASSES = DoubleStream.of(0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 600)
            .mapToObj(seconds -> Duration.ofMillis((long) (seconds * TimeUnit.SECONDS.toMillis(1))))
            .toArray(Duration[]::new);

    private static final String OTHER = "other";

    private final Set<String> methods;
    private final @Nullable AccessLog log;
    private final ServerLog faults = new ServerLog();
    private final LongAdder running = new LongAdder();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Counter received = bytes("arrownpz.received.bytes");
    private final Counter sent = bytes("arrownpz.sent.bytes");

    /**
     * Watches a server.
     *
     * @param methods full names of its methods; clients can ask for others, which count as one
     * @param log gets a line for each call, or null; it stays the caller's
     */
    public Watch(Set<String> methods, @Nullable AccessLog log) {
        this.methods = Set.copyOf(methods);
        this.log = log;
        for (MeterBinder binder : List.of(
                new JvmMemoryMetrics(),
                new JvmThreadMetrics(),
                collections,
                new ProcessorMetrics(),
                new FileDescriptorMetrics(),
                new UptimeMetrics())) {
            binder.bindTo(registry);
        }
        gauge("arrownpz.calls.running", "Calls that run.", running::sum);
        count(
                "arrownpz.access.log.lost",
                "Lines of the access log that could not be written.",
                () -> log == null ? 0 : log.lost());
    }

    private Counter bytes(String name) {
        return Counter.builder(name).description("Bytes of calls that ended.").register(registry);
    }

    /** Tells a value that goes up and down. */
    public void gauge(String name, String help, Supplier<Number> value, String... labels) {
        Gauge.builder(name, value).description(help).tags(labels).register(registry);
    }

    /** Tells a count that goes up. */
    public void count(String name, String help, Supplier<Number> value, String... labels) {
        // The registry holds its object weakly: a supplier that nobody else has would be collected, and the count stay.
        FunctionCounter.builder(name, this, watch -> value.get().doubleValue())
                .description(help)
                .tags(labels)
                .register(registry);
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        running.increment();
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
        running.increment();
        return new WatchedCall(this, name, peer);
    }

    void end(WatchedCall call, Status status, long nanos) {
        running.decrement();
        received.increment(call.received());
        sent.increment(call.sent());
        Counter.builder("arrownpz.calls")
                .description("Calls that ended, by their status.")
                .tags("call", call.name(), "code", status.getCode().name())
                .register(registry)
                .increment();
        Timer.builder("arrownpz.call")
                .description("The time that calls took.")
                .serviceLevelObjectives(CLASSES)
                .tags("call", call.name())
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
        faults.ended(call, status);
        if (log != null) {
            log.write(call, status, nanos);
        }
    }

    /** All metrics, as Prometheus reads them. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
