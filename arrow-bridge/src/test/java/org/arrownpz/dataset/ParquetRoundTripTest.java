package org.arrownpz.dataset;

import static org.arrownpz.dataset.PriceTable.prices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.validate.ValidateUtil;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.Label;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of every type, dictionaries, labels and row groups that come back as they were. */
@ExtendWith(LeakCheck.class)
class ParquetRoundTripTest extends ParquetFiles {
    @ParameterizedTest
    @ValueSource(ints = {20, 8, 0})
    void restoresEveryType(int rows, BufferAllocator allocator) throws IOException {
        roundTrip(TypeZoo.fields(), rows, allocator);
    }

    @Test
    void restoresRequiredColumnsOfEveryType(BufferAllocator allocator) throws IOException {
        List<Field> required = new ArrayList<>();
        for (Field field : TypeZoo.fields()) {
            boolean nullable = field.getType() instanceof ArrowType.Null;
            FieldType type = new FieldType(nullable, field.getType(), null, field.getMetadata());
            required.add(new Field(field.getName(), type, field.getChildren()));
        }
        roundTrip(required, 20, allocator);
    }

    @Test
    void writesColumnsThatHaveNoAllocator(BufferAllocator allocator) throws IOException {
        roundTrip(List.of(TypeZoo.fields().get(0)), 3, allocator);
    }

    private void roundTrip(List<Field> fields, int rows, BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a b%20c.parquet");
        List<FieldVector> vectors = new ArrayList<>();
        fields.forEach(field -> vectors.add(TypeZoo.vector(field, rows, allocator)));
        try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(fields, Map.of("mine", "ä")), vectors, rows)) {
            Parquet.write(root, path, OPTIONS);
            try (ParquetFile file = Parquet.read(allocator, path)) {
                same(file.frame().root(), root);
                assertThat(file.frame().root().getSchema().getCustomMetadata()).containsOnly(Map.entry("mine", "ä"));
            }
            try (ParquetFile file = Parquet.read(allocator, path)) {
                ArrowReader reader = file.reader();
                VectorSchemaRoot batch = reader.getVectorSchemaRoot();
                boolean more = reader.loadNextBatch();
                assertThat(more).isEqualTo(rows > 0);
                same(batch, root);
                assertThat(reader.loadNextBatch()).isFalse();
            }
        }
    }

    private static void same(VectorSchemaRoot read, VectorSchemaRoot written) {
        for (int i = 0; i < written.getFieldVectors().size(); i++) {
            Field field = written.getSchema().getFields().get(i);
            sameField(read.getSchema().getFields().get(i), field);
            if (isValid(written.getVector(i))) {
                VectorValidation.validateFull(read.getVector(i));
            }
            assertThat(values(read.getVector(i))).as(field.getName()).isEqualTo(values(written.getVector(i)));
        }
    }

    /** Arrow's validation knows no maps and no negative scales. */
    private static boolean isValid(FieldVector vector) {
        try {
            VectorValidation.validateFull(vector);
            return true;
        } catch (ValidateUtil.ValidateException e) {
            return false;
        }
    }

    private static void sameField(Field read, Field written) {
        // Arrow's list vectors rename their elements.
        assertThat(read.getName()).isIn(written.getName(), "$data$");
        assertThat(read.getFieldType()).as(written.getName()).isEqualTo(written.getFieldType());
        assertThat(read.getMetadata()).as(written.getName()).isEqualTo(written.getMetadata());
        assertThat(read.getChildren()).hasSameSizeAs(written.getChildren());
        for (int i = 0; i < written.getChildren().size(); i++) {
            sameField(read.getChildren().get(i), written.getChildren().get(i));
        }
    }

    private static List<Object> values(FieldVector vector) {
        List<Object> values = new ArrayList<>();
        for (int row = 0; row < vector.getValueCount(); row++) {
            Object value = vector.getObject(row);
            values.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value));
        }
        return values;
    }

    @Test
    void restoresLabelsNamesAndIndexOfAnNpzFrame(BufferAllocator allocator) throws IOException {
        Path npz = directory.resolve("a.npz");
        Path parquet = directory.resolve("a.parquet");
        Path again = directory.resolve("b.npz");
        try (VectorSchemaRoot root = prices(1000, allocator);
                Frame frame = Frame.of(root).withIndex("key").withName("prices").withColumnsName("what")) {
            Frames.write(frame, npz, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, npz)) {
            Parquet.write(frame, parquet, OPTIONS);
        }
        try (ParquetFile file = Parquet.read(allocator, parquet)) {
            assertThat(file.frame().name()).isEqualTo(Label.of("prices"));
            assertThat(file.frame().columns().name()).isEqualTo(Label.of("what"));
            assertThat(file.frame().columnNames()).containsExactly("price", "name");
            assertThat(file.frame().indexLevels()).isEqualTo(1);
            Frames.write(file.frame(), again, WriteOptions.defaults());
        }
        assertThat(again).hasSameBinaryContentAs(npz);
    }

    @Test
    void joinsRowGroupsAndWritesAllBatchesOfAReader(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("many.parquet");
        try (VectorSchemaRoot root = prices(100_000, allocator);
                Frame frame = Frame.of(root)) {
            try (ArrowReader reader = frame.reader(30_011)) {
                Parquet.write(reader, path, OPTIONS);
            }
            try (ParquetFile file = Parquet.read(allocator, path)) {
                VectorSchemaRoot again = file.frame().root();
                assertThat(again.getRowCount()).isEqualTo(100_000);
                for (int row = 0; row < 100_000; row += 997) {
                    for (FieldVector column : root.getFieldVectors()) {
                        assertThat(again.getVector(column.getName()).getObject(row))
                                .isEqualTo(column.getObject(row));
                    }
                }
            }
        }
    }

    @Test
    void readsSelectedColumnsInTheOrderAskedFor(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        try (VectorSchemaRoot root = prices(10, allocator)) {
            Parquet.write(root, path, OPTIONS);
        }
        try (ParquetFile file = Parquet.read(allocator, path, "name", "key")) {
            assertThat(file.frame().columnNames()).containsExactly("name", "key");
            assertThat(file.frame().rowCount()).isEqualTo(10);
        }
        assertThatThrownBy(() -> Parquet.read(allocator, path, "key", "volume"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("volume");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void restoresDictionaries(boolean nested, BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        DictionaryEncoding encoding = new DictionaryEncoding(7, nested, new ArrowType.Int(8, true));
        try (VarCharVector words = new VarCharVector("words", allocator);
                VarCharVector column = new VarCharVector("column", allocator)) {
            for (int i = 0; i < 4; i++) {
                words.setSafe(i, ("word " + (4 - i)).getBytes(StandardCharsets.UTF_8));
            }
            words.setValueCount(4);
            for (int i = 0; i < 9; i++) {
                if (i != 5) {
                    column.setSafe(i, words.get(i % 3));
                }
            }
            column.setValueCount(9);
            Dictionary dictionary = new Dictionary(words, encoding);
            MapDictionaryProvider provider = new MapDictionaryProvider(dictionary);
            try (FieldVector encoded = (FieldVector) DictionaryEncoder.encode(column, dictionary)) {
                VectorSchemaRoot root = new VectorSchemaRoot(List.of(encoded));
                Parquet.write(root, provider, path, OPTIONS);
                try (ParquetFile file = Parquet.read(allocator, path)) {
                    FieldVector again = file.frame().root().getVector(0);
                    Dictionary read = file.frame().dictionaries().lookup(7);
                    assertThat(again.getField()).isEqualTo(encoded.getField());
                    assertThat(values(again)).isEqualTo(values(encoded));
                    assertThat(values(read.getVector())).isEqualTo(values(words));
                    assertThat(read.getEncoding()).isEqualTo(encoding);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void restoresNullListsOfFixedSizeWhoseElementsAreRuns(boolean nested, BufferAllocator allocator)
            throws IOException {
        Path path = directory.resolve("a.parquet");
        Field runs = new Field(
                "item",
                FieldType.nullable(new ArrowType.RunEndEncoded()),
                List.of(
                        new Field("run_ends", FieldType.notNullable(new ArrowType.Int(32, true)), null),
                        new Field("values", FieldType.nullable(new ArrowType.Int(64, true)), null)));
        Field item = nested ? new Field("item", FieldType.nullable(new ArrowType.Struct()), List.of(runs)) : runs;
        Field field = new Field("x", FieldType.nullable(new ArrowType.FixedSizeList(2)), List.of(item));
        try (FieldVector lists = field.createVector(allocator)) {
            Rebuild.fillWithNulls(lists, 3);
            VectorSchemaRoot root = new VectorSchemaRoot(List.of(field), List.of(lists), 3);
            Parquet.write(root, path, OPTIONS);
        }
        try (ParquetFile file = Parquet.read(allocator, path)) {
            FieldVector again = file.frame().root().getVector(0);
            assertThat(again.getField()).isEqualTo(field);
            assertThat(again.getNullCount()).isEqualTo(3);
            VectorValidation.validateFull(again);
            Frames.write(file.frame(), directory.resolve("a.npz"), WriteOptions.defaults());
        }
    }

    /** As pandas has them where a Categorical holds nothing. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void restoresDictionariesOfNothing(int rows, BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        DictionaryEncoding encoding = new DictionaryEncoding(7, false, new ArrowType.Int(8, true));
        Field field = new Field("c", new FieldType(true, encoding.getIndexType(), encoding), null);
        try (FieldVector indices = field.createVector(allocator)) {
            indices.setValueCount(rows);
            Dictionary dictionary = new Dictionary(new NullVector("values", 0), encoding);
            VectorSchemaRoot root = new VectorSchemaRoot(List.of(field), List.of(indices), rows);
            Parquet.write(root, new MapDictionaryProvider(dictionary), path, OPTIONS);
        }
        try (ParquetFile file = Parquet.read(allocator, path)) {
            FieldVector again = file.frame().root().getVector(0);
            assertThat(again.getField()).isEqualTo(field);
            assertThat(again.getValueCount()).isEqualTo(rows);
            assertThat(again.getNullCount()).isEqualTo(rows);
            assertThat(file.frame().dictionaries().lookup(7).getVector()).isInstanceOf(NullVector.class);
        }
    }

    /** As pyarrow's random arrays and slices have them: nothing says that a null has no elements. */
    @ParameterizedTest
    @ValueSource(strings = {"list", "large list", "map", "list in struct", "large list in struct", "map in struct"})
    void writesListsThatHaveElementsWhereTheyAreNull(String form, BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        boolean within = form.endsWith("struct");
        Field number = new Field(ListVector.DATA_VECTOR_NAME, FieldType.notNullable(new ArrowType.Int(32, true)), null);
        Field pair = new Field(
                "entries",
                FieldType.notNullable(new ArrowType.Struct()),
                List.of(new Field("key", FieldType.notNullable(new ArrowType.Int(32, true)), null), number));
        ArrowType type = form.startsWith("list")
                ? new ArrowType.List()
                : form.startsWith("large") ? new ArrowType.LargeList() : new ArrowType.Map(false);
        Field field =
                new Field("x", new FieldType(!within, type, null), List.of(form.startsWith("map") ? pair : number));
        Field struct = new Field("s", FieldType.nullable(new ArrowType.Struct()), List.of(field));
        VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(List.of(within ? struct : field)), allocator);
        try (root) {
            root.allocateNew();
            FieldVector top = root.getVector(0);
            FieldVector list = within ? top.getChildrenFromFields().get(0) : top;
            fillWithTwoElementsEach(list, 4);
            top.setValueCount(4);
            for (int row : new int[] {0, 1, 3}) {
                BitVectorHelper.setBit(top.getValidityBuffer(), row);
            }
            BitVectorHelper.unsetBit(top.getValidityBuffer(), 2);
            root.setRowCount(4);
            Parquet.write(root, path, OPTIONS);
            try (ParquetFile file = Parquet.read(allocator, path)) {
                FieldVector again = file.frame().root().getVector(0);
                assertThat(again.getField()).isEqualTo(top.getField());
                assertThat(values(again)).isEqualTo(values(top)).contains("null");
            }
        }
    }

    private static void fillWithTwoElementsEach(FieldVector list, int rows) {
        int width = list instanceof LargeListVector ? Long.BYTES : Integer.BYTES;
        for (int row = 0; row < rows; row++) {
            BitVectorHelper.setBit(list.getValidityBuffer(), row);
            list.getOffsetBuffer().setInt((row + 1L) * width, 2 * (row + 1));
        }
        fill(list.getChildrenFromFields().get(0), 2 * rows);
        if (list instanceof LargeListVector large) {
            large.setLastSet(rows - 1);
        } else {
            ((ListVector) list).setLastSet(rows - 1);
        }
        list.setValueCount(rows);
    }

    private static void fill(FieldVector vector, int count) {
        for (FieldVector child : vector.getChildrenFromFields()) {
            fill(child, count);
        }
        for (int i = 0; i < count; i++) {
            if (vector instanceof IntVector numbers) {
                numbers.setSafe(i, i);
            } else {
                BitVectorHelper.setBit(vector.getValidityBuffer(), i);
            }
        }
        vector.setValueCount(count);
    }

    @Test
    void copiesColumnsThatAreNotAlignedAndWritesTheirValues(BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        try (BigIntVector column = new BigIntVector("x", allocator)) {
            try (var bytes = allocator.buffer(8 * 101)) {
                for (int i = 0; i < 100; i++) {
                    bytes.setLong(3 + 8L * i, i * 11L);
                }
                try (var validity = allocator.buffer(16)) {
                    validity.setOne(0, 16);
                    var values = Buffers.slice(bytes, 3, 800);
                    column.loadFieldBuffers(new ArrowFieldNode(100, 0), List.of(validity.writerIndex(13), values));
                    values.close();
                }
            }
            Parquet.write(new VectorSchemaRoot(List.of((FieldVector) column)), path, OPTIONS);
            try (ParquetFile file = Parquet.read(allocator, path)) {
                assertThat(values(file.frame().root().getVector(0))).isEqualTo(values(column));
            }
        }
    }
}
