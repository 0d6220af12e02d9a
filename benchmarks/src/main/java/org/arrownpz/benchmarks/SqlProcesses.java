package org.arrownpz.benchmarks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.array.Npz;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.ServerLimits;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.sql.Sql;
import org.arrownpz.sql.SqlWorkers;

/**
 * Statements in processes of their own beside statements in this one, with statements of many clients of a server. The argument, if any, is a
 * directory for 1 GB; else one for temporary files takes it.
 */
final class SqlProcesses {
    private static final int COLUMNS = 8;
    private static final int ROWS = 16_000_000;
    private static final int STATEMENTS = 100;
    private static final int ROUNDS = 5;
    private static final int CLIENTS = 8;
    private static final int SERVED_ROUNDS = 5;
    private static final long SERVED_NANOS = 5_000_000_000L;

    private SqlProcesses() {}

    private static long read(Sql sql, String statement) throws Exception {
        long rows = 0;
        try (sql;
                ArrowReader reader = sql.query(statement)) {
            while (reader.loadNextBatch()) {
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
        }
        return rows;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(
                Path.of(arguments.length > 0 ? arguments[0] : System.getProperty("java.io.tmpdir")), "sql-processes");
        Path large = directory.resolve("large.npz");
        Path small = directory.resolve("small.npz");
        try (BufferAllocator allocator = new RootAllocator();
                SqlWorkers workers = SqlWorkers.start(1, System.err::println)) {
            Map<String, Object> columns = new LinkedHashMap<>();
            double[] values =
                    IntStream.range(0, ROWS).mapToDouble(i -> i * 0.25).toArray();
            IntStream.range(0, COLUMNS).forEach(i -> columns.put("c" + i, values));
            Npz.save(large, columns);
            Npz.save(small, Map.of("a", new long[] {1, 2, 3}, "b", new double[] {1, 2, 4}));
            Turns.printHeader("");
            new Turns("SELECT 1", STATEMENTS)
                    .floor("in process", () -> read(Sql.open(allocator), "SELECT 1"))
                    .add("worker", () -> read(workers.take(allocator, "", () -> false), "SELECT 1"))
                    .run();
            String all = "SELECT * FROM '" + large + "'";
            new Turns("SELECT * of 1.02 GB", ROUNDS)
                    .floor("in process", () -> read(Sql.open(allocator).allow(directory), all))
                    .add(
                            "worker",
                            () -> read(workers.take(allocator, "", () -> false).allow(directory), all))
                    .run();
            Files.delete(large);
            served(allocator, directory);
        } finally {
            Files.deleteIfExists(large);
            Files.deleteIfExists(small);
            Files.delete(directory);
        }
    }

    /**
     * Statements of several clients of one server, each with one after the other: the median of the rounds after the first,
     * in which processes start and code is compiled.
     */
    private static void served(BufferAllocator allocator, Path directory) throws Exception {
        byte[] ticket = "{\"sql\":\"SELECT sum(a) AS a, max(b) AS b FROM small\"}".getBytes(StandardCharsets.UTF_8);
        ServerOptions options = ServerOptions.defaults()
                .withAddress("localhost", 0)
                .withLimits(ServerLimits.defaults().withQueries(CLIENTS / 2, 1 << 28))
                .withSql(1 << 28);
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options)) {
            double[] perSecond = new double[SERVED_ROUNDS];
            double[] millis = new double[SERVED_ROUNDS];
            for (int i = -1; i < SERVED_ROUNDS; i++) {
                long processors = processorNanos();
                long start = System.nanoTime();
                Callable<Long> client = () -> ask(allocator, server.port(), ticket, start + SERVED_NANOS);
                long statements = 0;
                for (Future<Long> asked : threads.invokeAll(Collections.nCopies(CLIENTS, client))) {
                    statements += asked.get();
                }
                if (i >= 0) {
                    perSecond[i] = statements * 1e9 / (System.nanoTime() - start);
                    millis[i] = (processorNanos() - processors) / 1e6 / statements;
                }
            }
            Arrays.sort(perSecond);
            Arrays.sort(millis);
            System.out.printf(
                    "a small table, %d clients: %.0f a second (%.0f to %.0f), %.1f ms of processors each%n",
                    CLIENTS,
                    perSecond[SERVED_ROUNDS / 2],
                    perSecond[0],
                    perSecond[SERVED_ROUNDS - 1],
                    millis[SERVED_ROUNDS / 2]);
        } finally {
            threads.shutdown();
        }
    }

    /** Time of the processors, of clients, server and its processes together. */
    private static long processorNanos() {
        ProcessHandle own = ProcessHandle.current();
        return Stream.concat(Stream.of(own), own.descendants())
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .mapToLong(Duration::toNanos)
                .sum();
    }

    private static long ask(BufferAllocator allocator, int port, byte[] ticket, long end) throws Exception {
        long statements = 0;
        try (FlightClient client = FlightClient.builder(allocator, Location.forGrpcInsecure("localhost", port))
                .build()) {
            while (System.nanoTime() < end) {
                try (FlightStream rows = client.getStream(new Ticket(ticket))) {
                    while (rows.next()) {
                        statements++;
                    }
                }
            }
        }
        return statements;
    }
}
