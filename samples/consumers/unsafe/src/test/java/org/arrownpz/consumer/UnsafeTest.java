package org.arrownpz.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.WriteOptions;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.NpzTicket;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.io.ArrowRuntime;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.Tables;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.parquet.ParquetWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code arrow-memory-unsafe} in place of {@code arrow-memory-netty}, which is not on the class path. */
class UnsafeTest {
    private static final Path PRICES = Path.of("..", "..", "prices.npz");

    @Test
    void nettysAllocatorIsNotHere() {
        ArrowRuntime.check();
        assertEquals(null, getClass().getResource("/org/apache/arrow/memory/netty/NettyAllocationManager.class"));
    }

    @Test
    void everyFormatIsWrittenAndRead(@TempDir Path directory) throws Exception {
        Path npz = directory.resolve("prices.npz");
        Path feather = directory.resolve("prices.feather");
        Path parquet = directory.resolve("prices.parquet");
        try (BufferAllocator allocator = new RootAllocator()) {
            long rows;
            try (Frame frame = Frames.open(allocator, PRICES)) {
                rows = frame.rowCount();
                Frames.write(frame, npz, WriteOptions.defaults());
                Ipc.write(frame, feather, IpcOptions.defaults());
                Parquet.write(frame, parquet, ParquetOptions.defaults());
            }
            for (Path file : new Path[] {npz, feather, parquet}) {
                try (ArrowReader reader = Tables.open(allocator, file)) {
                    assertTrue(reader.loadNextBatch());
                    assertEquals(rows, reader.getVectorSchemaRoot().getRowCount());
                }
            }
        }
    }

    @Test
    void aDirectoryIsServed(@TempDir Path directory) throws Exception {
        Files.copy(PRICES, directory.resolve("prices.npz"));
        try (BufferAllocator allocator = new RootAllocator();
                NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = FlightClient.builder(
                                allocator, Location.forGrpcInsecure("localhost", server.port()))
                        .build()) {
            int files = 0;
            for (FlightInfo info : client.listFlights(Criteria.ALL)) {
                try (FlightStream stream =
                        client.getStream(info.getEndpoints().get(0).getTicket())) {
                    assertTrue(stream.next());
                    assertFalse(stream.getRoot().getRowCount() == 0);
                }
                files++;
            }
            assertEquals(1, files);
        }
    }

    @Test
    void aStreamOfFlightBecomesParquet(@TempDir Path directory) throws Exception {
        Files.copy(PRICES, directory.resolve("prices.npz"));
        Path parquet = directory.resolve("prices.parquet");
        try (BufferAllocator allocator = new RootAllocator();
                NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = FlightClient.builder(
                                allocator, Location.forGrpcInsecure("localhost", server.port()))
                        .build();
                FlightStream stream = client.getStream(NpzTicket.of("prices").toTicket())) {
            long rows = 0;
            try (ParquetWriter writer = ParquetWriter.open(
                    parquet, stream.getSchema(), stream.getDictionaryProvider(), ParquetOptions.defaults())) {
                while (stream.next()) {
                    rows += stream.getRoot().getRowCount();
                    writer.write(stream.getRoot());
                }
                assertEquals(rows, writer.finish().rows());
            }
            assertTrue(rows > 0);
            try (ArrowReader reader = Tables.open(allocator, parquet)) {
                assertEquals(
                        stream.getSchema().getFields().size(),
                        reader.getVectorSchemaRoot().getFieldVectors().size());
            }
        }
    }
}
