package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ipc.TypeZoo;
import org.arrownpz.parquet.internal.type.ListRows;
import org.arrownpz.testing.LeakCheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dictionaries and runs of every type of values, also within each other: what is written is read back equal. */
@ExtendWith(LeakCheck.class)
class ParquetCodedColumnsTest extends ParquetFiles {
    private static final int ENTRIES = 7;
    private static final int ROWS = 20;
    private static final Field ENDS =
            new Field("run_ends", FieldType.notNullable(new ArrowType.Int(Integer.SIZE, true)), null);

    static Stream<Field> types() {
        return TypeZoo.fields().stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    @DisplayName("A6, C3: dictionaries of every type")
    void readsDictionariesBack(Field values, BufferAllocator allocator) throws IOException {
        try (Coded coded = new Coded(allocator)) {
            roundTrip(coded, coded.dictionary(values), allocator);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    @DisplayName("C3: runs of every type")
    void readsRunsBack(Field values, BufferAllocator allocator) throws IOException {
        try (Coded coded = new Coded(allocator)) {
            roundTrip(coded, runs(values), allocator);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    @DisplayName("A15: runs of dictionaries of every type")
    void readsRunsOfDictionariesBack(Field values, BufferAllocator allocator) throws IOException {
        try (Coded coded = new Coded(allocator)) {
            roundTrip(coded, runs(coded.dictionary(values)), allocator);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    @DisplayName("A6: dictionaries of structs and lists of dictionaries, and of runs of these")
    void readsDictionariesWithinDictionariesBack(Field values, BufferAllocator allocator) throws IOException {
        try (Coded coded = new Coded(allocator)) {
            Field inner = coded.dictionary(values);
            Field struct = TypeZoo.field("s", new ArrowType.Struct(), inner, runs(inner));
            roundTrip(coded, coded.dictionary(struct), allocator);
            roundTrip(coded, coded.dictionary(TypeZoo.field("l", new ArrowType.List(), inner)), allocator);
            roundTrip(coded, coded.dictionary(TypeZoo.field("l", new ArrowType.List(), runs(values))), allocator);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    @DisplayName("A6: lists of dictionaries and runs")
    void readsListsOfCodedValuesBack(Field values, BufferAllocator allocator) throws IOException {
        try (Coded coded = new Coded(allocator)) {
            Field inner = coded.dictionary(values);
            roundTrip(coded, TypeZoo.field("l", new ArrowType.List(), inner), allocator);
            roundTrip(coded, TypeZoo.field("l", new ArrowType.FixedSizeList(2), inner), allocator);
            roundTrip(coded, TypeZoo.field("l", new ArrowType.LargeList(), runs(values)), allocator);
        }
    }

    private static Field runs(Field values) {
        return TypeZoo.field(
                "runs",
                new ArrowType.RunEndEncoded(),
                ENDS,
                new Field("values", values.getFieldType(), children(values)));
    }

    private static List<Field> children(Field field) {
        return field.getChildren();
    }

    /** Dictionaries, which live as long as this. */
    private static final class Coded implements AutoCloseable {
        private final MapDictionaryProvider provider = new MapDictionaryProvider();
        private final BufferAllocator allocator;

        Coded(BufferAllocator allocator) {
            this.allocator = allocator;
        }

        /** A field encoded by a new dictionary. */
        Field dictionary(Field values) {
            long id = provider.getDictionaryIds().size();
            DictionaryEncoding encoding = new DictionaryEncoding(id, id % 2 == 1, new ArrowType.Int(Byte.SIZE, true));
            provider.put(new Dictionary(vector(values, ENTRIES, allocator), encoding));
            return new Field(values.getName(), new FieldType(true, encoding.getIndexType(), encoding), null);
        }

        @Override
        public void close() {
            provider.getDictionaryIds()
                    .forEach(id -> provider.lookup(id).getVector().close());
        }
    }

    private static FieldVector vector(Field field, int rows, BufferAllocator allocator) {
        FieldVector vector = TypeZoo.vector(field, rows, allocator);
        bound(vector);
        return vector;
    }

    /** Indices that their dictionaries have. */
    private static void bound(FieldVector vector) {
        if (vector.getField().getDictionary() != null) {
            for (int row = 0; row < vector.getValueCount(); row++) {
                vector.getDataBuffer().setByte(row, (row * 3 + 1) % ENTRIES);
            }
        }
        vector.getChildrenFromFields().forEach(ParquetCodedColumnsTest::bound);
    }

    private void roundTrip(Coded coded, Field field, BufferAllocator allocator) throws IOException {
        Path path = directory.resolve("a.parquet");
        try (FieldVector vector = vector(field, ROWS, allocator)) {
            Parquet.write(new VectorSchemaRoot(List.of(field), List.of(vector), ROWS), coded.provider, path, OPTIONS);
            try (ParquetFile file = Parquet.read(allocator, path)) {
                same(file.frame().root(), file.frame().dictionaries(), vector, coded.provider);
            }
            try (ParquetFile file = Parquet.read(allocator, path)) {
                ArrowReader reader = file.reader();
                reader.loadNextBatch();
                same(reader.getVectorSchemaRoot(), reader, vector, coded.provider);
            }
        }
    }

    private static void same(
            VectorSchemaRoot read, DictionaryProvider dictionaries, FieldVector written, DictionaryProvider own) {
        FieldVector column = read.getVector(0);
        assertThat(type(read.getSchema().getFields().get(0), dictionaries)).isEqualTo(type(written.getField(), own));
        assertThat(values(column, dictionaries)).isEqualTo(values(written, own));
    }

    /** The type with those of parts and dictionaries, but for Arrow's names of lists' elements. */
    private static String type(Field field, DictionaryProvider dictionaries) {
        List<String> children = new ArrayList<>();
        field.getChildren().forEach(child -> children.add(type(child, dictionaries)));
        DictionaryEncoding encoding = field.getDictionary();
        String coded = encoding == null
                ? ""
                : " ordered=" + encoding.isOrdered() + " of "
                        + type(dictionaries.lookup(encoding.getId()).getVector().getField(), dictionaries);
        return field.getType() + (field.isNullable() ? "" : " not null") + children + coded;
    }

    private static List<@Nullable String> values(FieldVector vector, DictionaryProvider dictionaries) {
        List<@Nullable String> values = new ArrayList<>();
        for (int row = 0; row < vector.getValueCount(); row++) {
            values.add(value(vector, row, dictionaries));
        }
        return values;
    }

    private static @Nullable String value(FieldVector vector, int row, DictionaryProvider dictionaries) {
        if (vector instanceof RunEndEncodedVector runs) {
            int run = 0;
            while (((BaseIntVector) runs.getRunEndsVector()).getValueAsLong(run) <= row) {
                run++;
            }
            return value(runs.getValuesVector(), run, dictionaries);
        }
        if (vector.isNull(row)) {
            return null;
        }
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding != null) {
            int index = (int) ((BaseIntVector) vector).getValueAsLong(row);
            return value(dictionaries.lookup(encoding.getId()).getVector(), index, dictionaries);
        }
        if (vector instanceof StructVector) {
            return vector.getChildrenFromFields().stream()
                    .map(child -> value(child, row, dictionaries))
                    .toList()
                    .toString();
        }
        if (ListRows.isList(vector)) {
            ListRows rows = ListRows.of(vector);
            List<@Nullable String> items = new ArrayList<>();
            for (int i = rows.start(row); i < rows.start(row) + rows.length(row); i++) {
                items.add(value(vector.getChildrenFromFields().get(0), i, dictionaries));
            }
            return items.toString();
        }
        Object value = vector.getObject(row);
        return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
    }
}
