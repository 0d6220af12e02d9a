package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.support.column.SchemaMember;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.NumpyMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The files of Arrow's integration tests, of every version that keeps some (see the README beside them), read equal to
 * what their JSON says: as files and streams, through a pipe, and through files, streams and archives that this library
 * writes.
 */
@ExtendWith(LeakCheck.class)
class GoldenFilesTest {
    /** Types that Arrow Java has no vector for. */
    private static final Map<String, ErrorCode> REFUSED = Map.of(
            "cpp-21.0.0/generated_decimal32", ErrorCode.DTYPE,
            "cpp-21.0.0/generated_decimal64", ErrorCode.DTYPE);

    @TempDir
    Path directory;

    static Path golden() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(GoldenFilesTest.class.getResource("/golden/arrow-testing"))
                .toURI());
    }

    /** Version and name, without the extension. */
    private static List<String> cases(boolean refused) throws IOException, URISyntaxException {
        Path golden = golden();
        try (Stream<Path> files = Files.walk(golden)) {
            return files.map(path -> golden.relativize(path).toString())
                    .filter(name -> name.endsWith(".stream"))
                    .map(name -> name.substring(0, name.lastIndexOf('.')))
                    .filter(name -> refused == REFUSED.containsKey(name))
                    .sorted()
                    .toList();
        }
    }

    static List<String> read() throws Exception {
        return cases(false);
    }

    static List<String> refused() throws Exception {
        return cases(true);
    }

    private static IntegrationJson expected(String name) throws IOException, URISyntaxException {
        try (InputStream bytes = Files.newInputStream(golden().resolve(name + ".json.gz"))) {
            return IntegrationJson.read(bytes);
        }
    }

    private static List<List<String>> values(VectorSchemaRoot root, DictionaryProvider dictionaries) {
        return root.getFieldVectors().stream()
                .map(vector -> IntegrationValues.of(vector, dictionaries))
                .toList();
    }

    /**
     * Fields without what differs between the files and their JSON, or between an archive and what was written to it: the
     * numbers of dictionaries, the names within maps, which C++ had set to its own in some streams, and the dtype of
     * columns that NumPy has a type for.
     */
    private static List<Field> comparable(List<Field> fields) {
        List<Field> comparable = new ArrayList<>();
        for (Field field : fields) {
            DictionaryEncoding encoding = field.getDictionary();
            DictionaryEncoding numberless =
                    encoding == null ? null : new DictionaryEncoding(0, encoding.isOrdered(), encoding.getIndexType());
            Map<String, String> metadata = new TreeMap<>(field.getMetadata());
            metadata.remove(NumpyMetadata.DTYPE);
            List<Field> children = comparable(field.getChildren());
            if (field.getType() instanceof ArrowType.Map) {
                List<Field> pair = children.get(0).getChildren();
                Field entries = renamed(
                        children.get(0),
                        "entries",
                        List.of(renamed(pair.get(0), "key"), renamed(pair.get(1), "value")));
                children = List.of(entries);
            }
            comparable.add(new Field(
                    field.getName(),
                    new FieldType(field.isNullable(), field.getType(), numberless, metadata),
                    children));
        }
        return comparable;
    }

    private static Field renamed(Field field, String name) {
        return renamed(field, name, field.getChildren());
    }

    private static Field renamed(Field field, String name, List<Field> children) {
        return new Field(name, field.getFieldType(), children);
    }

    private static void assertRead(IntegrationJson expected, ArrowReader reader) throws IOException {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        Schema schema = root.getSchema();
        assertThat(comparable(schema.getFields()))
                .isEqualTo(
                        comparable(SchemaMember.memorySchema(expected.schema()).getFields()));
        assertThat(schema.getCustomMetadata()).isEqualTo(expected.schema().getCustomMetadata());
        assertThat(root.getFieldVectors()).extracting(FieldVector::getField).isEqualTo(schema.getFields());
        List<List<List<String>>> batches = new ArrayList<>();
        while (reader.loadNextBatch()) {
            batches.add(values(root, reader));
        }
        assertThat(batches).isEqualTo(expected.batches());
    }

    @ParameterizedTest
    @MethodSource("read")
    void areReadAsTheirJsonSays(String name, BufferAllocator allocator) throws Exception {
        IntegrationJson expected = expected(name);
        for (String extension : List.of(".arrow_file", ".stream")) {
            Path file = golden().resolve(name + extension);
            try (MappedIpcReader reader = Ipc.open(allocator, file)) {
                assertRead(expected, reader);
            }
            Path again = directory.resolve(extension.equals(".stream") ? "again.arrows" : "again.arrow");
            try (MappedIpcReader reader = Ipc.open(allocator, file)) {
                Ipc.write(reader, again, IpcOptions.defaults().withCompression(IpcOptions.Compression.LZ4));
            }
            try (MappedIpcReader reader = Ipc.open(allocator, again)) {
                assertRead(expected, reader);
            }
        }
    }

    /** Labels are unique in a frame, and batches are one table. */
    @ParameterizedTest
    @MethodSource("read")
    void comeBackFromArchivesAsTheirJsonSays(String name, BufferAllocator allocator) throws Exception {
        IntegrationJson expected = expected(name);
        Path npz = directory.resolve("stored.npz");
        List<Field> fields = expected.schema().getFields();
        boolean unique = fields.stream().map(Field::getName).distinct().count() == fields.size();
        try (InputStream bytes = Files.newInputStream(golden().resolve(name + ".stream"))) {
            if (!unique) {
                assertThatThrownBy(() -> {
                            try (IpcFile stream = Ipc.readStream(allocator, Channels.newChannel(bytes), name)) {
                                stream.frame();
                            }
                        })
                        .isInstanceOfSatisfying(
                                NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA))
                        .hasMessageContaining("labels are unique");
                return;
            }
            try (IpcFile stream = Ipc.readStream(allocator, Channels.newChannel(bytes), name)) {
                Frames.write(stream.frame(), npz, WriteOptions.defaults());
            }
        }
        List<List<String>> whole = new ArrayList<>();
        fields.forEach(field -> whole.add(new ArrayList<>()));
        for (List<List<String>> batch : expected.batches()) {
            for (int i = 0; i < whole.size(); i++) {
                whole.get(i).addAll(batch.get(i));
            }
        }
        try (Frame frame = Frames.open(allocator, npz)) {
            Schema schema = SchemaMember.memorySchema(expected.schema());
            assertThat(values(frame.root(), frame.dictionaries())).isEqualTo(whole);
            assertThat(comparable(frame.root().getSchema().getFields())).isEqualTo(comparable(schema.getFields()));
            assertThat(frame.root().getSchema().getCustomMetadata()).containsAllEntriesOf(schema.getCustomMetadata());
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void areRefusedWithAReasonWhereTheyCannotBeRead(String name, BufferAllocator allocator) throws Exception {
        ErrorCode code = REFUSED.get(name);
        for (String extension : List.of(".arrow_file", ".stream")) {
            Path file = golden().resolve(name + extension);
            assertThatThrownBy(() -> Ipc.open(allocator, file).close())
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(code));
        }
    }

    /** Arrow 0.14 wrote decimals of 5 digits as such of 3. */
    @ParameterizedTest
    @MethodSource("read")
    void holdWhatTheirTypesAllow(String name, BufferAllocator allocator) throws Exception {
        IpcReadOptions options = IpcReadOptions.defaults().withVerify(Verify.CONTENT);
        boolean allowed = !name.equals("0.14.1/generated_decimal");
        try (MappedIpcReader reader = Ipc.open(allocator, golden().resolve(name + ".arrow_file"), options)) {
            for (int batch = 0; batch < reader.batchCount(); batch++) {
                int number = batch;
                if (allowed) {
                    reader.loadBatch(number);
                } else {
                    assertThatThrownBy(() -> reader.loadBatch(number))
                            .isInstanceOfSatisfying(
                                    NpzException.class,
                                    e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE));
                }
            }
        }
    }

    @Test
    void areOfEveryVersion() throws Exception {
        assertThat(Stream.concat(read().stream(), refused().stream()).map(name -> name.substring(0, name.indexOf('/'))))
                .contains(
                        "0.14.1",
                        "0.17.1",
                        "1.0.0-bigendian",
                        "1.0.0-littleendian",
                        "2.0.0-compression",
                        "4.0.0-shareddict",
                        "cpp-21.0.0");
        assertThat(read()).hasSizeGreaterThan(60);
    }
}
