package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.Data;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that pyarrow 25 and Polars 1.44 wrote. */
@ExtendWith(LeakCheck.class)
class ClientFilesTest {
    @TempDir
    Path directory;

    private Path file(String name) throws IOException {
        Path path = directory.resolve(name);
        if (!Files.exists(path)) {
            try (InputStream bytes =
                    Objects.requireNonNull(ClientFilesTest.class.getResourceAsStream("/clients/" + name))) {
                Files.copy(bytes, path);
            }
        }
        return path;
    }

    /** A written file's fields with names, type codes, nullability and metadata, and its values. */
    private record Content(List<Field> fields, Map<String, String> metadata, List<?> rows) {}

    private static Content content(BufferAllocator allocator, Path path) throws IOException {
        try (MappedIpcReader reader =
                Ipc.open(allocator, path, IpcReadOptions.defaults().withVerify(Verify.CONTENT))) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            Schema schema = root.getSchema();
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(root.getFieldVectors()).extracting(FieldVector::getField).isEqualTo(schema.getFields());
            List<?> rows = Rows.of(root);
            assertThat(reader.loadNextBatch()).isFalse();
            Map<String, String> metadata = new TreeMap<>(schema.getCustomMetadata());
            metadata.keySet().removeIf(key -> key.equals("arrow_npz") || key.equals("pandas"));
            return new Content(schema.getFields(), metadata, rows);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "unions.arrow, again.arrow, NONE",
        "unions.arrow, again.arrows, ZSTD",
        "unions_no_rows.arrow, again.arrow, LZ4",
        "names.arrow, again.arrow, NONE",
        "names.arrow, again.arrows, LZ4",
        "no_rows_of_more.arrow, again.arrow, NONE",
        "digits.arrow, again.arrow, ZSTD",
        "dense_union_codes.feather, again.arrow, NONE",
        "dense_union_codes.arrows, again.arrows, LZ4",
        "polars_decimal_zstd.feather, again.arrow, LZ4",
        // A4: children of one name
        "struct_same_names_rows.arrow, again.arrow, NONE",
        "struct_same_names_rows.arrow, again.arrows, LZ4"
    })
    void comeBackFromNpzAsTheyWere(
            String name, String target, IpcOptions.Compression compression, BufferAllocator allocator)
            throws IOException {
        Content before = content(allocator, file(name));
        Path npz = directory.resolve("stored.npz");
        try (IpcFile read = Ipc.read(allocator, file(name))) {
            Frames.write(read.frame(), npz, WriteOptions.defaults());
        }
        Path again = directory.resolve(target);
        try (Frame frame = Frames.open(allocator, npz)) {
            Ipc.write(frame, again, IpcOptions.defaults().withCompression(compression));
        }
        assertThat(content(allocator, again)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"struct_same_names_no_rows.arrow", "union_same_names_no_rows.arrow"})
    void keepChildrenOfOneNameWithoutARow(String name, BufferAllocator allocator) throws IOException {
        // A4
        Path npz = directory.resolve("stored.npz");
        Path again = directory.resolve("again.arrow");
        try (IpcFile read = Ipc.read(allocator, file(name))) {
            Frames.write(read.frame(), npz, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, npz)) {
            Ipc.write(frame, again, IpcOptions.defaults());
        }
        try (MappedIpcReader before = Ipc.open(allocator, file(name));
                MappedIpcReader after = Ipc.open(allocator, again)) {
            List<Field> fields = before.getVectorSchemaRoot().getSchema().getFields();
            assertThat(fields.get(0).getChildren()).extracting(Field::getName).containsExactly("a", "a");
            assertThat(after.getVectorSchemaRoot().getSchema().getFields()).isEqualTo(fields);
        }
    }

    @Test
    void givesEachOfSeveralChildrenOfOneName(BufferAllocator allocator) throws IOException {
        // A4
        try (IpcFile read = Ipc.read(allocator, file("struct_same_names_rows.arrow"))) {
            assertThat(read.frame().root().getVector("v").getChildrenFromFields())
                    .extracting(FieldVector::getName, Rows::of)
                    .containsExactly(tuple("a", List.of("1", "2")), tuple("a", List.of("x", "yy")));
        }
    }

    @Test
    void exportEachOfSeveralChildrenOfOneName(BufferAllocator allocator) throws IOException {
        // A4
        try (IpcFile read = Ipc.read(allocator, file("struct_same_names_rows.arrow"));
                ArrowArray array = ArrowArray.allocateNew(allocator);
                ArrowSchema schema = ArrowSchema.allocateNew(allocator)) {
            FieldVector struct = read.frame().root().getVector("v");
            Data.exportVector(allocator, struct, read.frame().dictionaries(), array, schema);
            assertThat(array.snapshot().n_children).isEqualTo(2);
            assertThat(schema.snapshot().n_children).isEqualTo(2);
            array.release();
            schema.release();
        }
    }

    @Test
    @DisplayName("C1: a footer without a version has that of the schema message")
    void readsFilesWhoseFooterStatesNoVersion(BufferAllocator allocator) throws IOException {
        try (IpcFile read = Ipc.read(allocator, file("footer_without_version.arrow"))) {
            assertThat(Rows.of(read.frame().root().getVector(0)))
                    .containsExactly("-116.97", "null", "275.21", "-182.29", "null", "133.59", "null");
        }
    }

    @ParameterizedTest
    @ValueSource(shorts = {MetadataVersion.V1, MetadataVersion.V2, MetadataVersion.V3})
    @DisplayName("C1: V1 to V3 stay refused")
    void refusesFilesOfOldVersions(short version, BufferAllocator allocator) throws IOException {
        Path path = file("footer_without_version.arrow");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        // The schema message's table follows 8 bytes of magic and 4 or 8 of its length; its first slot is the version.
        int start = bytes.getInt(8) == -1 ? 16 : 12;
        int table = start + bytes.getInt(start);
        int slots = table - bytes.getInt(table);
        int place = table + bytes.getShort(slots + 4);
        assertThat(bytes.getShort(place)).isEqualTo(MetadataVersion.V4);
        Files.write(path, bytes.putShort(place, version).array());
        assertThatThrownBy(() -> Ipc.open(allocator, path).close())
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION))
                .hasMessageContaining("expected V4 or V5 but found V" + (version + 1));
    }

    @Test
    void joinsBatchesOfListsOfNothing(BufferAllocator allocator) throws IOException {
        Path npz = directory.resolve("stored.npz");
        try (IpcFile read = Ipc.read(allocator, file("empty_fixed_list_of_null.feather"))) {
            assertThat(Rows.of(read.frame().root())).containsExactly(List.of("[]", "[]", "[]", "[]"));
            Frames.write(read.frame(), npz, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, npz)) {
            assertThat(Rows.of(frame.root())).containsExactly(List.of("[]", "[]", "[]", "[]"));
        }
    }

    @Test
    void givesTheValuesOfUnionsByTheirTypeCodes(BufferAllocator allocator) throws IOException {
        try (MappedIpcReader reader = Ipc.open(allocator, file("unions.arrow"))) {
            assertThat(reader.loadNextBatch()).isTrue();
            FieldVector sparse = reader.getVectorSchemaRoot().getVector("sparse");
            assertThat(((ArrowType.Union) sparse.getField().getType()).getTypeIds())
                    .containsExactly(7, 0, 100);
            // Codes 7, 100, 0 and 0; the first and the last child are of one kind.
            assertThat(Rows.of(sparse)).containsExactly("1", "20", "y", "z");
            assertThatThrownBy(((UnionVector) sparse)::getReader).isInstanceOf(UnsupportedOperationException.class);
            FieldVector dense = reader.getVectorSchemaRoot().getVector("dense");
            assertThat(((ArrowType.Union) dense.getField().getType()).getTypeIds())
                    .containsExactly(9, 3, 1);
            assertThat(Rows.of(dense)).containsExactly("5", "p", "20", "y");
        }
    }

    @Test
    @DisplayName("pyarrow writes messages of V4, in which unions and run ends have bitmaps, under a footer of V5")
    void readsBatchesOfOlderVersionsThanTheFooters(BufferAllocator allocator) throws IOException {
        try (MappedIpcReader reader = Ipc.open(allocator, file("unions_v4.arrow"))) {
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(reader.getVectorSchemaRoot().getFieldVectors())
                    .extracting(vector -> IntegrationValues.of(vector, reader))
                    .containsExactly(
                            List.of("0:1", "1:y", "0:null"),
                            List.of("0:1", "1:x", "0:null"),
                            List.of("a", "null", "null"),
                            List.of("7", "8", "9"));
        }
    }

    @Test
    void readsBatchesThatArePartsOfLongerColumns(BufferAllocator allocator) throws IOException {
        try (MappedIpcReader reader = Ipc.open(allocator, file("rows_of_more.arrows"))) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(root.getVector("map").getObject(0)).hasToString("[{\"key\":\"b\",\"value\":[3]}]");
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(root.getRowCount()).isZero();
            assertThat(reader.loadNextBatch()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"decimal32.arrow", "decimal64.arrows"})
    void areRefusedAsUnsupportedWhereArrowJavaLacksTheType(String name, BufferAllocator allocator) throws IOException {
        Path path = file(name);
        assertThatThrownBy(() -> Ipc.open(allocator, path).close()).isInstanceOfSatisfying(NpzException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.DTYPE);
            assertThat(e).hasMessageContaining(name.substring(0, 9) + ", which is not supported");
        });
    }

    @Test
    void areRefusedAsUnsupportedWhereTheyAreTensors(BufferAllocator allocator) throws IOException {
        Path path = file("tensor.arrows");
        assertThatThrownBy(() -> Ipc.open(allocator, path).close())
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION))
                .hasMessageContaining("tensor");
    }
}
