package org.arrownpz.flight;

import static org.arrownpz.flight.LoadCalls.BASE;
import static org.arrownpz.flight.LoadCalls.ROWS;
import static org.arrownpz.flight.LoadCalls.SHARED;
import static org.arrownpz.flight.LoadCalls.TOKEN;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.auth2.BearerCredentialWriter;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.Await;

/**
 * Clients that query, get, put, overwrite, cancel, vanish, abort, read slowly, ask for and send too much, name paths and guess tokens, while the
 * server is killed and started again now and then. Remembers what was acknowledged and what went wrong.
 */
final class FlightLoad {
    private static final List<String> TRICKS = List.of(
            "../outside", "..", ".", "", "/etc/passwd", "a/b", "a\\b", ".hidden", "a\u0000b", "c:x", "../data/base");

    private final BufferAllocator allocator;
    private final LoadCalls calls;
    private final Path folder;
    private final int clients;
    private final AtomicInteger epoch = new AtomicInteger();
    private final AtomicInteger names = new AtomicInteger();
    private final AtomicInteger operations = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final TreeMap<String, Integer> outcomes = new TreeMap<>();
    private volatile ServerProcess server;

    FlightLoad(BufferAllocator allocator, Path folder, int clients) {
        this.allocator = allocator;
        this.calls = new LoadCalls(allocator);
        this.folder = folder;
        this.clients = clients;
    }

    /** What went wrong. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** The puts that the server acknowledged, and the value in their rows. */
    Map<String, Long> acknowledged() {
        return acknowledged;
    }

    int operations() {
        return operations.get();
    }

    Map<String, Integer> outcomes() {
        return outcomes;
    }

    /**
     * Runs all clients until their operations are done or the time is over, one operation at least, and kills the server so many times.
     *
     * @return what the last server printed when it was stopped
     */
    List<String> run(int operationsOfEach, long seconds, int kills) throws Exception {
        server = ServerProcess.start(folder, TOKEN);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Thread> threads = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i++) {
                Random random = new Random(i);
                Thread thread = new Thread(() -> client(random, operationsOfEach, end), "client-" + i);
                thread.setDaemon(true);
                threads.add(thread);
                thread.start();
            }
            long total = (long) clients * operationsOfEach;
            for (int kill = 1; kill <= kills; kill++) {
                long share = total * kill / (kills + 1);
                long moment = end - TimeUnit.SECONDS.toNanos(seconds) * (kills + 1 - kill) / (kills + 1);
                Await.holds(Duration.ofNanos(moment - System.nanoTime()), () -> operations.get() >= share);
                epoch.incrementAndGet();
                server.kill();
                server = ServerProcess.start(folder, TOKEN);
                epoch.incrementAndGet();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            return server.stop();
        } finally {
            server.close();
        }
    }

    private void client(Random random, int most, long end) {
        FlightClient client = null;
        int of = -1;
        try {
            for (int i = 0; i < most && (i == 0 || System.nanoTime() < end); i++) {
                // Those that were under way when the server died have seen it; nobody else needs to.
                Await.until(() -> epoch.get() % 2 == 0, () -> "the server does not come back");
                if (of != epoch.get() || client == null) {
                    if (client != null) {
                        client.close();
                    }
                    of = epoch.get();
                    client = connect();
                }
                operation(client, random, of);
                operations.incrementAndGet();
            }
        } catch (Throwable e) {
            faults.add(Thread.currentThread().getName() + " ended by " + e);
        } finally {
            close(client);
        }
    }

    private FlightClient connect() {
        return FlightClient.builder(allocator, Location.forGrpcInsecure("localhost", server.port()))
                .build();
    }

    private void close(FlightClient client) {
        try {
            if (client != null) {
                client.close();
            }
        } catch (Exception e) {
            faults.add("closing: " + e);
        }
    }

    /** What an operation does; fails with a FlightRuntimeException, or with an AssertionError for wrong data. */
    private interface Operation {
        void run() throws Exception;
    }

    private void operation(FlightClient client, Random random, int of) {
        int kind = random.nextInt(16);
        switch (kind) {
            case 0, 1 -> expect("get", of, () -> calls.get(client, BASE, 0));
            case 2 -> expect("get slowly", of, () -> calls.get(client, BASE, 5));
            case 3 -> expect("cancel", of, () -> calls.cancel(client));
            case 4, 5 -> {
                long value = names.incrementAndGet();
                expect("put", of, () -> {
                    calls.put(client, FlightDescriptor.path("put-" + value), ROWS, value);
                    acknowledged.put("put-" + value, value);
                });
            }
            case 6 ->
                expect(
                        "overwrite",
                        of,
                        () -> calls.put(
                                client, new PutCommand(SHARED, true).toDescriptor(), ROWS, names.incrementAndGet()));
            case 7 -> expect("read overwritten", of, () -> calls.get(client, SHARED, 0));
            case 8 -> abort(client);
            case 9 ->
                refuse("oversize", of, List.of(), () -> {
                    // gRPC ends the connection that such a message comes by, and with it what else runs there.
                    try (FlightClient own = connect()) {
                        calls.putTooMuch(own, "big-" + names.incrementAndGet());
                    }
                });
            case 10 -> {
                String trick = TRICKS.get(random.nextInt(TRICKS.size()));
                List<FlightStatusCode> codes = List.of(FlightStatusCode.NOT_FOUND, FlightStatusCode.INVALID_ARGUMENT);
                refuse("trick", of, codes, () -> calls.get(client, trick, 0));
                refuse("trick", of, codes, () -> client.getInfo(FlightDescriptor.path(trick), LoadCalls.options()));
                refuse("trick", of, codes, () -> calls.put(client, FlightDescriptor.path(trick), 10, 1));
            }
            case 11 -> expect("query", of, () -> calls.query(client, BASE));
            case 12 -> expect("query overwritten", of, () -> calls.query(client, SHARED));
            case 13 ->
                refuse(
                        "long query",
                        of,
                        List.of(FlightStatusCode.RESOURCE_EXHAUSTED),
                        () -> LoadCalls.queryTooMuch(client));
            case 14 -> expect("vanish", of, () -> LoadCalls.vanish(server.port()));
            default -> {
                CallOption[] wrong = random.nextBoolean()
                        ? new CallOption[] {LoadCalls.timeout()}
                        : new CallOption[] {
                            LoadCalls.timeout(),
                            new CredentialCallOption(new BearerCredentialWriter(TOKEN + random.nextInt(9)))
                        };
                intrude(client, random.nextInt(5), of, wrong);
            }
        }
    }

    private void intrude(FlightClient client, int way, int of, CallOption... wrong) {
        refuse("intrusion", of, List.of(FlightStatusCode.UNAUTHENTICATED), () -> {
            switch (way) {
                case 0 -> LoadCalls.read(client, NpzTicket.of(BASE).toTicket(), 0, wrong);
                case 1 -> client.listFlights(Criteria.ALL, wrong).forEach(info -> {});
                case 2 -> client.getInfo(FlightDescriptor.path(BASE), wrong);
                case 3 -> LoadCalls.read(client, new SqlQuery("SELECT key FROM base").toTicket(), 0, wrong);
                default -> calls.put(client, FlightDescriptor.path("stolen-" + names.incrementAndGet()), 10, 1, wrong);
            }
        });
    }

    /** A put that is given up in the middle. Whatever comes of the call, no file must. */
    private void abort(FlightClient client) {
        try {
            calls.abort(client, "abort-" + names.incrementAndGet());
            faults.add("abort succeeded");
        } catch (RuntimeException e) {
            count("abort "
                    + (e instanceof FlightRuntimeException known
                            ? known.status().code()
                            : e.getClass()));
        }
    }

    private void count(String outcome) {
        synchronized (outcomes) {
            outcomes.merge(outcome, 1, Integer::sum);
        }
    }

    /** An odd epoch, or another than at the beginning: the server was killed meanwhile, and anything may fail. */
    private boolean disturbed(int of) {
        return of % 2 != 0 || epoch.get() != of;
    }

    /** A query that waits too long for others is refused, as the server says. */
    private static boolean isBusy(FlightRuntimeException e) {
        return String.valueOf(e.status().description()).contains("busy with other queries");
    }

    private void expect(String what, int of, Operation operation) {
        try {
            operation.run();
            count(what + " done");
        } catch (FlightRuntimeException e) {
            count(what + " " + e.status().code());
            boolean busy = isBusy(e);
            if (!disturbed(of) && !busy) {
                faults.add(what + ": " + e + " " + e.status().description());
            }
        } catch (Exception | AssertionError e) {
            faults.add(what + ": " + e);
        }
    }

    private void refuse(String what, int of, List<FlightStatusCode> codes, Operation operation) {
        try {
            operation.run();
            faults.add(what + " succeeded");
        } catch (FlightRuntimeException e) {
            count(what + " " + e.status().code());
            boolean busy = isBusy(e);
            if (!disturbed(of)
                    && !busy
                    && !codes.isEmpty()
                    && !codes.contains(e.status().code())) {
                faults.add(what + ": " + e);
            }
        } catch (Exception | AssertionError e) {
            faults.add(what + ": " + e);
        }
    }
}
