package org.arrownpz.benchmarks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
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
 * Statements in processes of their own beside statements in this one, as a table of Markdown. The argument, if any, is a
 * directory for 1 GB; else one for temporary files takes it.
 */
final class SqlProcesses {
    private static final int COLUMNS = 8;
    private static final int ROWS = 16_000_000;
    private static final int STATEMENTS = 100;
    private static final int ROUNDS = 3;
    private static final int CLIENTS = 8;
    private static final long SERVED_NANOS = 5_000_000_000L;

    private SqlProcesses() {}

    /** The median. */
    private static double millis(int count, Callable<Long> statement) throws Exception {
        double[] times = new double[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            statement.call();
            times[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(times);
        return times[count / 2];
    }

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
            System.out.println("| statement | in process | worker | | wanted |\n| --- | --- | --- | --- | --- |");
            Callable<Long> here = () -> read(Sql.open(allocator), "SELECT 1");
            Callable<Long> there = () -> read(workers.take(allocator, "", () -> false), "SELECT 1");
            millis(STATEMENTS, here);
            millis(STATEMENTS, there);
            double one = millis(STATEMENTS, here);
            double other = millis(STATEMENTS, there);
            print("| `SELECT 1` | %.1f ms | %.1f ms | %.1f ms more | 15 ms more at most |", one, other, other - one);
            String all = "SELECT * FROM '" + large + "'";
            Callable<Long> hereAll = () -> read(Sql.open(allocator).allow(directory), all);
            Callable<Long> thereAll =
                    () -> read(workers.take(allocator, "", () -> false).allow(directory), all);
            millis(1, hereAll);
            millis(1, thereAll);
            one = millis(ROUNDS, hereAll);
            other = millis(ROUNDS, thereAll);
            print("| `SELECT *` of 1.02 GB | %.0f ms | %.0f ms | %.2f of its speed | 0.7 |", one, other, one / other);
            Files.delete(large);
            print("| a small table, 8 clients | | %.0f a second | | 100 |", served(allocator, directory));
        } finally {
            Files.deleteIfExists(large);
            Files.deleteIfExists(small);
            Files.delete(directory);
        }
    }

    private static void print(String row, Object... values) {
        System.out.printf(Locale.ROOT, row + "%n", values);
    }

    /** Statements a second of several clients of one server, each with one after the other, once it is warm. */
    private static double served(BufferAllocator allocator, Path directory) throws Exception {
        byte[] ticket = "{\"sql\":\"SELECT sum(a) AS a, max(b) AS b FROM small\"}".getBytes(StandardCharsets.UTF_8);
        ServerOptions options = ServerOptions.defaults()
                .withAddress("localhost", 0)
                .withLimits(ServerLimits.defaults().withQueries(CLIENTS / 2, 1 << 28))
                .withSql(1 << 28);
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options)) {
            statements(threads, allocator, server, ticket);
            return statements(threads, allocator, server, ticket) / (SERVED_NANOS / 1e9);
        } finally {
            threads.shutdown();
        }
    }

    private static long statements(
            ExecutorService threads, BufferAllocator allocator, NpzFlightServer server, byte[] ticket)
            throws Exception {
        long end = System.nanoTime() + SERVED_NANOS;
        List<Future<Long>> clients = IntStream.range(0, CLIENTS)
                .mapToObj(i -> threads.submit(() -> ask(allocator, server.port(), ticket, end)))
                .toList();
        long statements = 0;
        for (Future<Long> client : clients) {
            statements += client.get();
        }
        return statements;
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
