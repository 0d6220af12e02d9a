package org.arrownpz.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.WriteOptions;
import org.arrownpz.compare.Rounds;
import org.arrownpz.compare.Rounds.Measurement;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.NpzTicket;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.frame.Frames;

/**
 * A table of 1 GB got over loopback from our server, which maps its file, and from one that holds the same batches in
 * memory as Arrow's example does, in turns within one process. Both must give the same sum. Then {@link JdbcRows}.
 *
 * <p>Arguments: a directory for the file (1.1 GB), the number of rounds, and Arrow's JDBC driver (its jar).
 */
public final class FlightGet {
    private static final int COLUMNS = 16;
    private static final int ROWS = 8_000_000;
    private static final long BYTES = (long) COLUMNS * ROWS * Long.BYTES;
    /** The bytes that the server sends by default: 2 MiB. */
    private static final int BATCH_ROWS = (2 << 20) / (COLUMNS * Long.BYTES);

    private static final long BUDGET = 60_000_000_000L;

    private FlightGet() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        int rounds = Integer.parseInt(arguments[1]);
        System.out.printf(
                Locale.ROOT,
                "JDK %s, %s processors, load %.1f%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        .getSystemLoadAverage());
        try (BufferAllocator allocator = new RootAllocator()) {
            get(allocator, directory, rounds);
            JdbcRows.run(allocator, directory, rounds, Path.of(arguments[2]));
        } finally {
            Scratch.delete(directory);
        }
    }

    /** Columns of 64 bits that no compression makes smaller. */
    private static VectorSchemaRoot table(BufferAllocator allocator) {
        SplittableRandom random = new SplittableRandom(5);
        List<FieldVector> columns = new ArrayList<>();
        for (int i = 0; i < COLUMNS; i++) {
            BigIntVector column = new BigIntVector("c" + i, allocator);
            column.allocateNew(ROWS);
            for (int row = 0; row < ROWS; row++) {
                column.set(row, random.nextLong());
            }
            column.setValueCount(ROWS);
            columns.add(column);
        }
        return new VectorSchemaRoot(columns);
    }

    private static void get(BufferAllocator allocator, Path directory, int rounds) throws Exception {
        try (VectorSchemaRoot table = table(allocator);
                MemoryFlight memory = new MemoryFlight(allocator, table.getSchema())) {
            Frames.write(table, directory.resolve("table.npz"), WriteOptions.defaults());
            for (int row = 0; row < ROWS; row += BATCH_ROWS) {
                try (VectorSchemaRoot batch = table.slice(row, Math.min(BATCH_ROWS, ROWS - row))) {
                    memory.add(batch);
                }
            }
            try (NpzFlightServer ours = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                    FlightServer theirs = memory.start();
                    FlightClient ourClient = client(allocator, ours.port());
                    FlightClient theirClient = client(allocator, theirs.getPort())) {
                Ticket ticket = NpzTicket.of("table").toTicket();
                long[] expected = sum(theirClient, new Ticket(new byte[0]));
                Rounds turns = new Rounds(rounds, BUDGET);
                List<Measurement> times = new ArrayList<>();
                turns.add("ours", () -> require(expected, sum(ourClient, ticket)), times::add);
                turns.add("memory", () -> require(expected, sum(theirClient, new Ticket(new byte[0]))), times::add);
                turns.run(step -> {});
                System.out.printf(
                        Locale.ROOT,
                        "%,d rows x %d, %,d bytes, batches of %,d rows%n",
                        ROWS,
                        COLUMNS,
                        BYTES,
                        BATCH_ROWS);
                System.out.printf("%-38s %10s %10s %10s %8s%n", "get", "median ms", "best ms", "GB/s", "samples");
                print("NpzFlightServer, mapped NPZ", times.get(0));
                print("Arrow's in-memory example", times.get(1));
                System.out.printf(
                        Locale.ROOT,
                        "throughput, ours over Arrow's: median %.2f, best %.2f%n%n",
                        times.get(1).median() / times.get(0).median(),
                        times.get(1).best() / times.get(0).best());
            }
        }
    }

    private static FlightClient client(BufferAllocator allocator, int port) {
        return FlightClient.builder(allocator, Location.forGrpcInsecure("localhost", port))
                .build();
    }

    private static void print(String name, Measurement time) {
        System.out.printf(
                Locale.ROOT,
                "%-38s %10.0f %10.0f %10.2f %8d%n",
                name,
                time.median() / 1e6,
                time.best() / 1e6,
                BYTES / time.median(),
                time.samples());
    }

    /** The rows and the sum of all values; each batch is let go once it is added up. */
    private static long[] sum(FlightClient client, Ticket ticket) throws Exception {
        long rows = 0;
        long sum = 0;
        try (FlightStream stream = client.getStream(ticket)) {
            while (stream.next()) {
                VectorSchemaRoot batch = stream.getRoot();
                rows += batch.getRowCount();
                for (FieldVector column : batch.getFieldVectors()) {
                    ArrowBuf values = column.getDataBuffer();
                    long end = (long) batch.getRowCount() * Long.BYTES;
                    for (long at = 0; at < end; at += Long.BYTES) {
                        sum += values.getLong(at);
                    }
                }
            }
        }
        return new long[] {rows, sum};
    }

    private static void require(long[] expected, long[] found) {
        if (expected[0] != ROWS || found[0] != ROWS || expected[1] != found[1]) {
            throw new IllegalStateException("not the same rows: " + expected[1] + ", " + found[1]);
        }
    }
}
