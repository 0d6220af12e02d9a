package org.arrownpz.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.NpzTicket;
import org.arrownpz.flight.PutCommand;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.flight.SqlQuery;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.cdata.ExportScope;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.sql.Sql;
import org.arrownpz.testing.Await;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.Maps;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each bridge, opened, used and closed again and again: descriptors, mappings and allocator end where they were. */
@ExtendWith(LeakCheck.class)
class BridgeCyclesTest {
    private static final int ROWS = 1000;
    private static final int MANY = 1000;
    private static final int WARM_UP = 5;
    private static final long SUM = ROWS * (ROWS - 1L) / 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private Path file;

    /** One round of opening, using and closing. */
    private interface Cycle {
        void run() throws Exception;
    }

    @BeforeAll
    static void loadNativeLibraries(@TempDir Path empty) throws Exception {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
        org.apache.arrow.dataset.jni.JniLoader.get().ensureLoaded();
        try (BufferAllocator own = new RootAllocator();
                NpzFlightServer server = NpzFlightServer.start(own, empty, ServerOptions.defaults())) {
            assertThat(server.port()).isPositive();
        }
    }

    @BeforeEach
    void writeFile(BufferAllocator allocator) throws IOException {
        file = directory.resolve("a.npz");
        BigIntVector key = new BigIntVector("key", allocator);
        VarCharVector name = new VarCharVector("name", allocator);
        for (int i = 0; i < ROWS; i++) {
            key.setSafe(i, i);
            name.setSafe(i, ("n" + i).getBytes(StandardCharsets.UTF_8));
        }
        List<FieldVector> vectors = List.of(key, name);
        vectors.forEach(vector -> vector.setValueCount(ROWS));
        try (VectorSchemaRoot root = new VectorSchemaRoot(vectors)) {
            Frames.write(root, file, WriteOptions.defaults());
        }
    }

    private static long sum(ArrowReader rows) throws IOException {
        long sum = 0;
        while (rows.loadNextBatch()) {
            sum += sum(rows.getVectorSchemaRoot());
        }
        return sum;
    }

    private static long sum(VectorSchemaRoot root) {
        BigIntVector key = (BigIntVector) root.getVector("key");
        long sum = 0;
        for (int i = 0; i < key.getValueCount(); i++) {
            sum += key.get(i);
        }
        return sum;
    }

    private static void repeat(String what, int times, BufferAllocator allocator, Cycle cycle) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            cycle.run();
        }
        long open = Maps.openFiles().size();
        long mapped = Maps.mappedFiles().size();
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            cycle.run();
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        // Native code and Netty give back on threads of their own, and other threads open a file now and then: what
        // counts is whether there is a moment at which nothing is left.
        long[] now = new long[3];
        boolean balanced = Await.holds(PATIENCE, () -> {
            now[0] = Maps.openFiles().size();
            now[1] = Maps.mappedFiles().size();
            now[2] = allocator.getAllocatedMemory();
            return now[0] <= open && now[1] <= mapped && now[2] == 0;
        });
        String figures = what + ": " + times + " cycles in " + millis + " ms; descriptors " + open + " and " + now[0]
                + ", mapped files " + mapped + " and " + now[1] + ", bytes " + now[2];
        System.out.println(figures);
        assertThat(balanced).as(figures).isTrue();
    }

    private void sql(int times, BufferAllocator allocator) throws Exception {
        repeat("duckdb", times, allocator, () -> {
            try (Sql sql = Sql.open(allocator).allow(directory);
                    ArrowReader rows = sql.query("SELECT key FROM '" + file + "' WHERE name <> ''")) {
                assertThat(sum(rows)).isEqualTo(SUM);
            }
        });
    }

    private void exports(int times, BufferAllocator allocator) throws Exception {
        repeat("cdata", times, allocator, () -> {
            ExportScope scope = new ExportScope(allocator, "cycle");
            try (Frame frame = Frames.open(allocator, file);
                    ArrowReader reader = frame.reader(300);
                    ArrowArrayStream stream = ArrowArrayStream.allocateNew(scope.allocator())) {
                Data.exportArrayStream(scope.allocator(), reader, stream);
                try (ArrowReader again = Data.importArrayStream(allocator, stream)) {
                    assertThat(sum(again)).isEqualTo(SUM);
                }
            }
            assertThat(scope.drain(PATIENCE)).isTrue();
        });
    }

    private void parquet(int times, BufferAllocator allocator) throws Exception {
        Path target = directory.resolve("a.parquet");
        ParquetOptions options = ParquetOptions.defaults().withDurability(Durability.RENAME_ONLY);
        repeat("parquet", times, allocator, () -> {
            try (Frame frame = Frames.open(allocator, file)) {
                Parquet.write(frame, target, options);
            }
            try (ParquetFile read = Parquet.read(allocator, target)) {
                assertThat(sum(read.frame().root())).isEqualTo(SUM);
            }
        });
    }

    private void flight(int times, BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults())) {
            Location location = Location.forGrpcInsecure("localhost", server.port());
            repeat("flight", times, allocator, () -> {
                try (FlightClient client =
                                FlightClient.builder(allocator, location).build();
                        Frame frame = Frames.open(allocator, file)) {
                    FlightClient.ClientStreamListener put = client.startPut(
                            new PutCommand("put", true).toDescriptor(),
                            frame.interchangeRoot(),
                            new AsyncPutListener());
                    put.putNext();
                    put.completed();
                    put.getResult();
                    try (FlightStream stream =
                            client.getStream(NpzTicket.of("put").toTicket())) {
                        assertThat(stream.next()).isTrue();
                        assertThat(sum(stream.getRoot())).isEqualTo(SUM);
                    }
                }
            });
        }
    }

    private void flightSql(int times, BufferAllocator allocator) throws Exception {
        ServerOptions options = ServerOptions.defaults().withSql(64 << 20);
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, options);
                FlightClient client = FlightClient.builder(
                                allocator, Location.forGrpcInsecure("localhost", server.port()))
                        .build()) {
            repeat("flight sql", times, allocator, () -> {
                try (FlightStream stream = client.getStream(new SqlQuery("SELECT key FROM a").toTicket())) {
                    assertThat(stream.next()).isTrue();
                    assertThat(sum(stream.getRoot())).isEqualTo(SUM);
                }
            });
        }
    }

    @Test
    void sqlLeavesNothing(BufferAllocator allocator) throws Exception {
        sql(20, allocator);
    }

    @Test
    void exportsLeaveNothing(BufferAllocator allocator) throws Exception {
        exports(300, allocator);
    }

    @Test
    void parquetLeavesNothing(BufferAllocator allocator) throws Exception {
        parquet(50, allocator);
    }

    @Test
    void flightLeavesNothing(BufferAllocator allocator) throws Exception {
        flight(50, allocator);
    }

    @Test
    void flightSqlLeavesNothing(BufferAllocator allocator) throws Exception {
        flightSql(10, allocator);
    }

    @Test
    @Tag("soak")
    void sqlLeavesNothingOfAThousandCycles(BufferAllocator allocator) throws Exception {
        sql(MANY, allocator);
    }

    @Test
    @Tag("soak")
    void exportsLeaveNothingOfAThousandCycles(BufferAllocator allocator) throws Exception {
        exports(MANY, allocator);
    }

    @Test
    @Tag("soak")
    void parquetLeavesNothingOfAThousandCycles(BufferAllocator allocator) throws Exception {
        parquet(MANY, allocator);
    }

    @Test
    @Tag("soak")
    void flightLeavesNothingOfAThousandCycles(BufferAllocator allocator) throws Exception {
        flight(MANY, allocator);
    }

    @Test
    @Tag("soak")
    void flightSqlLeavesNothingOfAThousandCycles(BufferAllocator allocator) throws Exception {
        flightSql(MANY, allocator);
    }
}
