package org.arrownpz.flight;

import static org.arrownpz.flight.FlightCalls.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.impl.Flight;
import org.apache.arrow.flight.impl.FlightServiceGrpc;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.ChangingDictionary;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.MappedIpcReader;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dictionaries, and fields that Flight's own vectors do not tell whole, in files that clients put. */
@ExtendWith(LeakCheck.class)
class PutDictionariesTest {
    private static final DictionaryEncoding ENCODING = new DictionaryEncoding(3, false, new ArrowType.Int(32, true));

    @TempDir
    Path directory;

    @TempDir
    Path scratch;

    private static FieldType indices() {
        return new FieldType(true, ENCODING.getIndexType(), ENCODING);
    }

    private static VarCharVector words(BufferAllocator allocator, String... words) {
        VarCharVector vector = new VarCharVector("words", allocator);
        for (int i = 0; i < words.length; i++) {
            vector.setSafe(i, words[i].getBytes(StandardCharsets.UTF_8));
        }
        vector.setValueCount(words.length);
        return vector;
    }

    /** The texts of the column that a file has. */
    private static List<String> texts(FlightClient client, String name) throws Exception {
        List<String> texts = new ArrayList<>();
        try (FlightStream stream = client.getStream(NpzTicket.of(name).toTicket())) {
            while (stream.next()) {
                FieldVector column = stream.getRoot().getVector(0);
                DictionaryEncoding encoding = column.getField().getDictionary();
                try (FieldVector decoded = encoding == null
                        ? null
                        : (FieldVector) DictionaryEncoder.decode(
                                column,
                                Objects.requireNonNull(
                                        stream.getDictionaryProvider().lookup(encoding.getId())))) {
                    FieldVector values = decoded == null ? column : decoded;
                    for (int i = 0; i < values.getValueCount(); i++) {
                        texts.add(String.valueOf(values.getObject(i)));
                    }
                }
            }
        }
        return texts;
    }

    @Test
    void areKeptWithoutARow(BufferAllocator allocator) throws Exception {
        MapDictionaryProvider provider = new MapDictionaryProvider();
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = client(server, allocator);
                VarCharVector words = words(allocator, "x");
                VectorSchemaRoot root =
                        VectorSchemaRoot.create(new Schema(List.of(new Field("c", indices(), null))), allocator)) {
            provider.put(new Dictionary(words, ENCODING));
            FlightClient.ClientStreamListener put =
                    client.startPut(FlightDescriptor.path("none"), root, provider, new AsyncPutListener());
            put.completed();
            put.getResult();
            Schema schema = client.getInfo(FlightDescriptor.path("none")).getSchema();
            assertThat(schema.getFields().get(0).getDictionary().getIndexType()).isEqualTo(ENCODING.getIndexType());
            assertThat(texts(client, "none")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"'a,b;x,y', 'b,a,null,y,x,null'", "'a;a,b', 'a,null,b,a,null'"})
    void mayBeReplacedBetweenBatches(String dictionaries, String texts, BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            put(server, "replaced", false, dictionaries, allocator);
            assertThat(texts(client, "replaced")).containsExactly(texts.split(","));
        }
    }

    @Test
    void mayGrowByDeltas(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            put(server, "extended", true, "a;a,b,c,d", allocator);
            assertThat(texts(client, "extended")).containsExactly("a", "null", "d", "c", "b", "a", "null");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nested_enum.arrows",
                "nested_enum_no_rows.arrows",
                "dense_union_codes.arrows",
                "dense_union_codes.feather",
                "empty_fixed_list_of_null.feather",
                "polars_decimal_zstd.feather",
                "unions.arrow",
                "unions_no_rows.arrow",
                "rows_of_more.arrows",
                "names.arrow"
            })
    void columnsOfAnyTypeAreStoredAsTheirFileWouldBe(String file, BufferAllocator allocator) throws Exception {
        Path source = scratch.resolve(file);
        Files.write(source, resource(file));
        Path converted = scratch.resolve("converted.npz");
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        try (MappedIpcReader reader = Ipc.open(allocator, source)) {
            Frames.write(reader, converted, WriteOptions.defaults());
        }
        try (MappedIpcReader reader = Ipc.open(allocator, source)) {
            Ipc.writeStream(reader, stream, IpcOptions.defaults().withCompression(IpcOptions.Compression.LZ4));
        }
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults())) {
            put(server, "stored", List.of(stream.toByteArray()));
        }
        assertThat(directory.resolve("stored.npz")).hasSameBinaryContentAs(converted);
    }

    @Test
    void withinStructsComeBackWithTheirValues(BufferAllocator allocator) throws Exception {
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults());
                FlightClient client = client(server, allocator)) {
            put(server, "nested", List.of(resource("nested_enum.arrows")));
            try (FlightStream stream = client.getStream(NpzTicket.of("nested").toTicket())) {
                assertThat(stream.next()).isTrue();
                Field struct = stream.getSchema().getFields().get(0);
                Field codes = struct.getChildren().get(0);
                assertThat(codes.getMetadata()).containsKey("_PL_ENUM_VALUES2");
                FieldVector words = stream.getDictionaryProvider()
                        .lookup(Objects.requireNonNull(codes.getDictionary()).getId())
                        .getVector();
                assertThat(words.getObject(2)).hasToString("word");
            }
        }
    }

    @Test
    void areRefusedWhereBatchesDoNotFitTheSchema(BufferAllocator allocator) throws Exception {
        byte[] unions = resource("dense_union_codes.arrows");
        byte[] others = resource("rows_of_more.arrows");
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults())) {
            assertThatThrownBy(() -> put(server, "damaged", List.of(unions, others)))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT))
                    .hasMessageContaining("META_SCHEMA");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void areRefusedWithoutASchema(BufferAllocator allocator) throws Exception {
        byte[] stream = resource("dense_union_codes.arrows");
        int schema = 8 + ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        byte[] batches = Arrays.copyOfRange(stream, schema, stream.length);
        try (NpzFlightServer server = NpzFlightServer.start(allocator, directory, ServerOptions.defaults())) {
            assertThatThrownBy(() -> put(server, "damaged", List.of(batches)))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT))
                    .hasMessageContaining("the first one is no schema");
        }
        assertThat(directory).isEmptyDirectory();
    }

    static byte[] resource(String file) throws IOException {
        try (InputStream bytes =
                Objects.requireNonNull(PutDictionariesTest.class.getResourceAsStream("/clients/" + file))) {
            return bytes.readAllBytes();
        }
    }

    /**
     * Puts a batch for each dictionary, as C++ clients do, which Arrow Java's cannot.
     *
     * @param deltas whether a dictionary that grew goes as a delta
     */
    private static void put(
            NpzFlightServer server, String name, boolean deltas, String dictionaries, BufferAllocator allocator)
            throws Exception {
        List<byte[]> streams = new ArrayList<>();
        List<List<String>> versions = Arrays.stream(dictionaries.split(";"))
                .map(text -> List.of(text.split(",")))
                .toList();
        for (List<List<String>> part :
                deltas ? List.of(versions) : versions.stream().map(List::of).toList()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ChangingDictionary reader = new ChangingDictionary(allocator, part)) {
                Ipc.writeStream(reader, bytes, IpcOptions.defaults());
            }
            streams.add(bytes.toByteArray());
        }
        put(server, name, streams);
    }

    private static void put(NpzFlightServer server, String name, List<byte[]> streams) throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("localhost", server.port())
                .usePlaintext()
                .build();
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            StreamObserver<Flight.FlightData> put = FlightServiceGrpc.newStub(channel)
                    .doPut(new StreamObserver<>() {
                        @Override
                        public void onNext(Flight.PutResult result) {
                            // There are none.
                        }

                        @Override
                        public void onError(Throwable thrown) {
                            done.completeExceptionally(thrown);
                        }

                        @Override
                        public void onCompleted() {
                            done.complete(null);
                        }
                    });
            boolean first = true;
            for (byte[] stream : streams) {
                first = send(stream, first, name, put);
            }
            put.onCompleted();
            done.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        } finally {
            channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
        }
    }

    /** Sends the messages of a stream; its schema only where it comes first. */
    static boolean send(byte[] stream, boolean first, String name, StreamObserver<Flight.FlightData> put) {
        ByteBuffer bytes = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.getInt() == -1) {
            int length = bytes.getInt();
            if (length == 0) {
                break;
            }
            ByteBuffer header = bytes.slice(bytes.position(), length);
            Message message = Message.getRootAsMessage(header.duplicate().order(ByteOrder.LITTLE_ENDIAN));
            int body = (int) message.bodyLength();
            bytes.position(bytes.position() + length);
            boolean schema = message.headerType() == MessageHeader.Schema;
            if (first || !schema) {
                Flight.FlightData.Builder data = Flight.FlightData.newBuilder()
                        .setDataHeader(ByteString.copyFrom(header))
                        .setDataBody(ByteString.copyFrom(bytes.slice(bytes.position(), body)));
                if (first) {
                    data.setFlightDescriptor(Flight.FlightDescriptor.newBuilder()
                            .setType(Flight.FlightDescriptor.DescriptorType.PATH)
                            .addPath(name));
                }
                put.onNext(data.build());
            }
            first = false;
            bytes.position(bytes.position() + body);
        }
        return first;
    }
}
