package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client gets buffers that are compressed as it asked for, with the same values. */
@ExtendWith(LeakCheck.class)
class CompressedStreamsTest {
    private static final int ROWS = 500;

    @TempDir
    Path directory;

    private static List<String> values(FlightClient client, Ticket ticket) throws Exception {
        List<String> values = new ArrayList<>();
        try (FlightStream stream = client.getStream(ticket)) {
            while (stream.next()) {
                VectorSchemaRoot root = stream.getRoot();
                for (FieldVector column : root.getFieldVectors()) {
                    for (int row = 0; row < root.getRowCount(); row++) {
                        Object value = column.getObject(row);
                        values.add(value instanceof byte[] bytes ? java.util.Arrays.toString(bytes) : "" + value);
                    }
                }
            }
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(
            value = IpcOptions.Compression.class,
            names = {"LZ4", "ZSTD"})
    void haveTheValuesOfEveryType(IpcOptions.Compression compression, BufferAllocator allocator) throws Exception {
        int number = 0;
        List<String> names = new ArrayList<>();
        for (Field field : AllTypes.all()) {
            try (VectorSchemaRoot root =
                    new VectorSchemaRoot(List.of(new RandomVectors(allocator, number, true).vector(field, ROWS)))) {
                Frames.write(root, directory.resolve("t" + number + ".npz"), WriteOptions.defaults());
                names.add("t" + number++);
            } catch (IllegalArgumentException e) {
                // A type that files do not have.
                continue;
            }
        }
        assertThat(names).hasSizeGreaterThan(30);
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            for (String name : names) {
                NpzTicket ticket = NpzTicket.of(name);
                assertThat(values(client, ticket.withCompression(compression).toTicket()))
                        .as(name)
                        .isEqualTo(values(client, ticket.toTicket()))
                        .hasSize(ROWS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = IpcOptions.Compression.class,
            names = {"LZ4", "ZSTD"})
    void areShorterByDescriptorToo(IpcOptions.Compression compression, BufferAllocator allocator) throws Exception {
        FlightCalls.write(directory.resolve("prices.npz"), 20_000, allocator);
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            NpzTicket plain =
                    NpzTicket.of("prices").withColumns("twice", "name").withRows(10, 15_000);
            FlightInfo info = client.getInfo(plain.withCompression(compression).toDescriptor());
            Ticket ticket = info.getEndpoints().get(0).getTicket();
            assertThat(info.getSchema()).extracting(Schema::getFields).asList().hasSize(2);
            assertThat(values(client, ticket)).isEqualTo(values(client, plain.toTicket()));
            assertThat(sent(server, ticket)).isLessThan(sent(server, plain.toTicket()) * 3 / 4);
        }
    }

    private static long sent(NpzFlightServer server, Ticket ticket) {
        ManagedChannel channel = ManagedChannelBuilder.forAddress("localhost", server.port())
                .usePlaintext()
                .build();
        try {
            return LoadCalls.bytesOf(channel, ticket);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void areOfAKnownCodec(BufferAllocator allocator) throws Exception {
        FlightCalls.write(directory.resolve("prices.npz"), 3, allocator);
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            for (String codec : List.of("\"gzip\"", "\"LZ4\"", "1", "null", "true", "[\"lz4\"]")) {
                Ticket ticket = new Ticket(
                        ("{\"v\":1,\"name\":\"prices\",\"compression\":" + codec + "}").getBytes("US-ASCII"));
                FlightCalls.fails(FlightStatusCode.INVALID_ARGUMENT, () -> FlightCalls.read(client, ticket));
            }
        }
    }

    @Test
    void areReadByPyarrow(BufferAllocator allocator, @TempDir Path scratch) throws Exception {
        String python = System.getenv("ARROW_NPZ_CLIENTS");
        assumeThat(python).isNotBlank();
        FlightCalls.write(directory.resolve("prices.npz"), 20_000, allocator);
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults())) {
            Path script = Files.writeString(
                    scratch.resolve("get.py"),
                    "import pyarrow.flight as flight\n"
                            + "client = flight.connect('grpc://localhost:" + server.port() + "')\n"
                            + "plain = client.do_get(flight.Ticket(b'{\"v\":1,\"name\":\"prices\"}')).read_all()\n"
                            + "for codec in (b'lz4', b'zstd'):\n"
                            + "    ticket = b'{\"v\":1,\"name\":\"prices\",\"compression\":\"' + codec + b'\"}'\n"
                            + "    table = client.do_get(flight.Ticket(ticket)).read_all()\n"
                            + "    table.validate(full=True)\n"
                            + "    assert table.equals(plain) and table.num_rows == 20000\n");
            Process process = new ProcessBuilder(python, script.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(scratch.resolve("out").toFile())
                    .start();
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(scratch.resolve("out")))
                    .isZero();
        }
    }
}
