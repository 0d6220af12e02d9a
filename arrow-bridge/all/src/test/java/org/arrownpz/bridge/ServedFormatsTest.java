package org.arrownpz.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.arrownpz.WriteOptions;
import org.arrownpz.flight.NpzFlightServer;
import org.arrownpz.flight.NpzTicket;
import org.arrownpz.flight.ServerOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of every format that has tables are flights. */
@ExtendWith(LeakCheck.class)
class ServedFormatsTest {
    private static final int BATCH_BYTES = 64 << 10;

    @TempDir
    Path directory;

    private static void write(BufferAllocator allocator, Path path, int rows, IpcOptions options) throws Exception {
        BigIntVector a = new BigIntVector("a", allocator);
        VarCharVector b = new VarCharVector("b", allocator);
        for (int i = 0; i < rows; i++) {
            a.setSafe(i, i);
            b.setSafe(i, ("b" + i % 7).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        a.setValueCount(rows);
        b.setValueCount(rows);
        try (VectorSchemaRoot root = VectorSchemaRoot.of(a, b);
                Frame frame = Frame.of(root)) {
            String name = path.toString();
            if (name.endsWith(".npz")) {
                Frames.write(frame, path, WriteOptions.defaults());
            } else if (name.endsWith(".parquet")) {
                Parquet.write(frame, path, ParquetOptions.defaults());
            } else {
                Ipc.write(frame, path, options);
            }
        }
    }

    private static void write(BufferAllocator allocator, Path path, int rows) throws Exception {
        write(allocator, path, rows, IpcOptions.defaults());
    }

    private NpzFlightServer start(BufferAllocator allocator) throws Exception {
        return NpzFlightServer.start(
                allocator, directory, ServerOptions.defaults().withBatchBytes(BATCH_BYTES));
    }

    private static FlightClient client(BufferAllocator allocator, NpzFlightServer server) {
        return FlightClient.builder(allocator, Location.forGrpcInsecure("localhost", server.port()))
                .build();
    }

    private static List<String> names(FlightClient client) {
        List<String> names = new ArrayList<>();
        for (FlightInfo info : client.listFlights(Criteria.ALL)) {
            names.add(info.getDescriptor().getPath().get(0));
        }
        return names;
    }

    /** The values of {@code a}, after the names of the columns. */
    private static List<Object> read(FlightClient client, Ticket ticket) throws Exception {
        List<Object> values = new ArrayList<>();
        try (FlightStream stream = client.getStream(ticket)) {
            stream.getSchema().getFields().forEach(field -> values.add(field.getName()));
            while (stream.next()) {
                BigIntVector a = (BigIntVector) stream.getRoot().getVector("a");
                for (int i = 0; i < a.getValueCount(); i++) {
                    values.add(a.get(i));
                }
            }
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.npz", "t.feather", "t.arrow", "t.ipc", "t.arrows", "t.parquet"})
    void areListedDescribedAndSent(String file, BufferAllocator allocator) throws Exception {
        write(allocator, directory.resolve(file), 5);
        try (NpzFlightServer server = start(allocator);
                FlightClient client = client(allocator, server)) {
            assertThat(names(client)).containsExactly("t");
            FlightInfo info = client.getInfo(FlightDescriptor.path("t"));
            assertThat(info.getSchema().getFields()).extracting("name").containsExactly("a", "b");
            assertThat(info.getBytes()).isEqualTo(Files.size(directory.resolve(file)));
            assertThat(read(client, info.getEndpoints().get(0).getTicket()))
                    .containsExactly("a", "b", 0L, 1L, 2L, 3L, 4L);
            NpzTicket part = NpzTicket.of("t").withColumns("b", "a").withRows(1, 2);
            assertThat(read(client, part.toTicket())).containsExactly("b", "a", 1L, 2L);
            assertThat(client.getInfo(part.toDescriptor()).getSchema().getFields())
                    .extracting("name")
                    .containsExactly("b", "a");
            for (String[] wrong : new String[][] {{"c"}, {"a", "a"}}) {
                assertThatThrownBy(() -> read(
                                client, NpzTicket.of("t").withColumns(wrong).toTicket()))
                        .hasMessageContaining(wrong[0]);
            }
        }
    }

    @Test
    void haveTheirExtensionsWhereTheyShareAName(BufferAllocator allocator) throws Exception {
        write(allocator, directory.resolve("both.feather"), 3);
        write(allocator, directory.resolve("both.parquet"), 4);
        write(allocator, directory.resolve("one.npz"), 1);
        write(allocator, directory.resolve("one.parquet"), 2);
        try (NpzFlightServer server = start(allocator);
                FlightClient client = client(allocator, server)) {
            assertThat(names(client)).containsExactly("both.feather", "both.parquet", "one", "one.parquet");
            for (FlightInfo info : client.listFlights(Criteria.ALL)) {
                assertThat(read(client, info.getEndpoints().get(0).getTicket())).contains("a", "b", 0L);
            }
            assertThat(read(client, NpzTicket.of("one").toTicket())).containsExactly("a", "b", 0L);
            assertThat(read(client, NpzTicket.of("both.parquet").toTicket())).hasSize(6);
            assertThatThrownBy(() -> client.getInfo(FlightDescriptor.path("both")))
                    .hasMessageContaining("'both' is several files, [both.feather, both.parquet]");
        }
    }

    @Test
    void areNoFlightsWhereTheyAreDamaged(BufferAllocator allocator) throws Exception {
        Files.writeString(directory.resolve("bad.parquet"), "PAR1, and no more");
        Files.writeString(directory.resolve("bad.feather"), "ARROW1, and no more");
        write(allocator, directory.resolve("good.parquet"), 2);
        try (NpzFlightServer server = start(allocator);
                FlightClient client = client(allocator, server)) {
            assertThat(names(client)).containsExactly("good");
            for (String name : List.of("bad.parquet", "bad.feather")) {
                assertThatThrownBy(() -> client.getInfo(FlightDescriptor.path(name)))
                        .hasMessageContaining(name);
                assertThatThrownBy(() -> read(client, NpzTicket.of(name).toTicket()))
                        .hasMessageContaining(name);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.feather", "t.arrows", "zstd.feather"})
    void takeTheMemoryOfAFewBatches(String file, BufferAllocator clients) throws Exception {
        int rows = 400_000;
        IpcOptions options = IpcOptions.defaults().withBatchRows(4096);
        write(
                clients,
                directory.resolve(file),
                rows,
                file.startsWith("zstd") ? options.withCompression(IpcOptions.Compression.ZSTD) : options);
        try (BufferAllocator allocator = new RootAllocator()) {
            try (NpzFlightServer server = start(allocator);
                    FlightClient client = client(clients, server)) {
                long count = 0;
                String name = file.substring(0, file.indexOf('.'));
                try (FlightStream stream = client.getStream(NpzTicket.of(name).toTicket())) {
                    while (stream.next()) {
                        count += stream.getRoot().getRowCount();
                    }
                }
                assertThat(count).isEqualTo(rows);
            }
            assertThat(allocator.getPeakMemoryAllocation()).isLessThan(2L << 20);
        }
    }

    /** Flight sends a dictionary once, before all batches. */
    @Test
    void haveOneDictionaryForAllBatches(BufferAllocator allocator) throws Exception {
        Path path = directory.resolve("t.feather");
        try (VarCharVector values = new VarCharVector("values", allocator);
                VarCharVector plain = new VarCharVector("c", allocator)) {
            for (int i = 0; i < 3; i++) {
                values.setSafe(i, ("v" + i).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            values.setValueCount(3);
            for (int i = 0; i < 100; i++) {
                plain.setSafe(i, ("v" + i % 3).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            plain.setValueCount(100);
            Dictionary dictionary = new Dictionary(values, new DictionaryEncoding(1, false, null));
            try (var codes = (org.apache.arrow.vector.FieldVector) DictionaryEncoder.encode(plain, dictionary);
                    VectorSchemaRoot root = VectorSchemaRoot.of(codes);
                    Frame frame = Frame.of(root, new DictionaryProvider.MapDictionaryProvider(dictionary))) {
                Ipc.write(frame, path, IpcOptions.defaults().withBatchRows(10));
            }
        }
        try (NpzFlightServer server = start(allocator);
                FlightClient client = client(allocator, server)) {
            FlightInfo info = client.getInfo(FlightDescriptor.path("t"));
            try (FlightStream stream =
                    client.getStream(info.getEndpoints().get(0).getTicket())) {
                int rows = 0;
                while (stream.next()) {
                    rows += stream.getRoot().getRowCount();
                }
                assertThat(rows).isEqualTo(100);
                assertThat(stream.getSchema().getFields())
                        .isEqualTo(info.getSchema().getFields());
            }
        }
    }
}
