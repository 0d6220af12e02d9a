package org.arrownpz.benchmarks;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.WriteOptions;
import org.arrownpz.compare.Rounds;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.NpzTicket;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.frame.Frames;

/**
 * A table of 1 GB got over loopback from our server, which maps its file, by Flight and by HTTP, and from one that holds the
 * same batches in memory as Arrow's example does, in turns within one process. All must give the same sum. Then {@link
 * JdbcRows}.
 *
 * <p>Arguments: a directory for the file (1.1 GB), the number of rounds, and Arrow's JDBC driver (its jar).
 */
public final class FlightGet {
    private static final int COLUMNS = 16;
    private static final int ROWS = 8_000_000;
    /** The bytes that the server sends by default: 2 MiB. */
    private static final int BATCH_ROWS = (2 << 20) / (COLUMNS * Long.BYTES);

    private static final long BUDGET = 60_000_000_000L;

    private FlightGet() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        int rounds = Integer.parseInt(arguments[1]);
        Turns.printHeader(String.format("%,d rows x %d, batches of %,d rows", ROWS, COLUMNS, BATCH_ROWS));
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
            try (NpzFlightServer ours = NpzFlightServer.start(
                            allocator, directory, ServerOptions.defaults().withHttp(0));
                    FlightServer theirs = memory.start();
                    FlightClient ourClient = client(allocator, ours.port());
                    FlightClient theirClient = client(allocator, theirs.getPort())) {
                Ticket ticket = NpzTicket.of("table").toTicket();
                long[] expected = sum(theirClient, new Ticket(new byte[0]));
                new Turns("get", new Rounds(rounds, BUDGET))
                        .floor(
                                "Arrow's in-memory example",
                                () -> require(expected, sum(theirClient, new Ticket(new byte[0]))))
                        .add("NpzFlightServer, mapped NPZ", () -> require(expected, sum(ourClient, ticket)))
                        .add("the same by HTTP", () -> require(expected, sum(allocator, ours.httpUri())))
                        .run();
            }
        }
    }

    private static FlightClient client(BufferAllocator allocator, int port) {
        return FlightClient.builder(allocator, Location.forGrpcInsecure("localhost", port))
                .build();
    }

    /** The rows and the sum of all values; each batch is let go once it is added up. */
    private static long[] sum(FlightClient client, Ticket ticket) throws Exception {
        long rows = 0;
        long sum = 0;
        try (FlightStream stream = client.getStream(ticket)) {
            while (stream.next()) {
                rows += stream.getRoot().getRowCount();
                sum += sum(stream.getRoot());
            }
        }
        return new long[] {rows, sum};
    }

    private static long[] sum(BufferAllocator allocator, String server) throws Exception {
        long rows = 0;
        long sum = 0;
        try (InputStream in = URI.create(server + "/tables/table/data").toURL().openStream();
                ArrowReader reader = new ArrowStreamReader(in, allocator)) {
            while (reader.loadNextBatch()) {
                rows += reader.getVectorSchemaRoot().getRowCount();
                sum += sum(reader.getVectorSchemaRoot());
            }
        }
        return new long[] {rows, sum};
    }

    private static long sum(VectorSchemaRoot batch) {
        long sum = 0;
        for (FieldVector column : batch.getFieldVectors()) {
            ArrowBuf values = column.getDataBuffer();
            long end = (long) batch.getRowCount() * Long.BYTES;
            for (long at = 0; at < end; at += Long.BYTES) {
                sum += values.getLong(at);
            }
        }
        return sum;
    }

    private static void require(long[] expected, long[] found) {
        if (expected[0] != ROWS || found[0] != ROWS || expected[1] != found[1]) {
            throw new IllegalStateException("not the same rows: " + expected[1] + ", " + found[1]);
        }
    }

    /** A server that holds batches in memory and sends them all, as Arrow's example of an in-memory store does. */
    private static final class MemoryFlight extends NoOpFlightProducer implements AutoCloseable {
        private final BufferAllocator allocator;
        private final Schema schema;
        private final List<ArrowRecordBatch> batches = new ArrayList<>();

        MemoryFlight(BufferAllocator allocator, Schema schema) {
            this.allocator = allocator;
            this.schema = schema;
        }

        /** Adds a batch, whose buffers it shares. */
        void add(VectorSchemaRoot root) {
            batches.add(new VectorUnloader(root).getRecordBatch());
        }

        FlightServer start() throws Exception {
            return FlightServer.builder(allocator, Location.forGrpcInsecure("localhost", 0), this)
                    .build()
                    .start();
        }

        @Override
        public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
            try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
                listener.setUseZeroCopy(false);
                VectorLoader loader = new VectorLoader(root);
                listener.start(root);
                for (ArrowRecordBatch batch : batches) {
                    loader.load(batch);
                    listener.putNext();
                }
                listener.completed();
            }
        }

        @Override
        public void close() {
            batches.forEach(ArrowRecordBatch::close);
        }
    }
}
