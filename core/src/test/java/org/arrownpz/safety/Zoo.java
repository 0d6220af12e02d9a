package org.arrownpz.safety;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.testing.RandomVectors;

/** A root with a column of every layout that Arrow knows, with nulls. */
final class Zoo implements AutoCloseable {
    static final int ROWS = 11;

    private static final ArrowType INT = new ArrowType.Int(32, true);
    private static final ArrowType TEXT = ArrowType.Utf8.INSTANCE;

    private final VectorSchemaRoot root;
    private final DictionaryProvider.MapDictionaryProvider dictionaries =
            new DictionaryProvider.MapDictionaryProvider();
    private final VarCharVector words;

    Zoo(BufferAllocator allocator) {
        this(allocator, ROWS);
    }

    Zoo(BufferAllocator allocator, int rows) {
        RandomVectors vectors = new RandomVectors(allocator, 7, true);
        List<FieldVector> columns = new ArrayList<>();
        for (Field field : fields()) {
            FieldVector vector = vectors.vector(field, rows);
            if (vector instanceof DecimalVector) {
                // Random bytes may have more digits than the precision.
                for (int i = 0; i < rows; i++) {
                    vector.getDataBuffer().setLong(16L * i + 8, i);
                }
            }
            columns.add(vector);
        }
        words = new VarCharVector("words", allocator);
        words.allocateNew();
        for (int i = 0; i < 3; i++) {
            words.setSafe(i, ("word" + i).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        words.setValueCount(3);
        DictionaryEncoding encoding = new DictionaryEncoding(5, false, new ArrowType.Int(32, true));
        dictionaries.put(new Dictionary(words, encoding));
        IntVector indices = new IntVector("dictionary", new FieldType(true, INT, encoding), allocator);
        indices.allocateNew(rows);
        for (int i = 0; i < rows; i++) {
            if (i % 4 == 3) {
                indices.setNull(i);
            } else {
                indices.set(i, i % 3);
            }
        }
        indices.setValueCount(rows);
        columns.add(indices);
        root = new VectorSchemaRoot(columns);
    }

    private static Field field(String name, ArrowType type, Field... children) {
        return RandomVectors.field(name, type, children);
    }

    static List<Field> fields() {
        Field entries = new Field(
                "entries",
                FieldType.notNullable(ArrowType.Struct.INSTANCE),
                List.of(
                        new Field("key", FieldType.notNullable(INT), List.of()),
                        new Field("value", FieldType.nullable(TEXT), List.of())));
        return List.of(
                field("ints", INT),
                field("bits", ArrowType.Bool.INSTANCE),
                field("decimals", new ArrowType.Decimal(38, 2, 128)),
                field("text", TEXT),
                field("large_text", ArrowType.LargeUtf8.INSTANCE),
                field("binary", ArrowType.Binary.INSTANCE),
                field("views", ArrowType.Utf8View.INSTANCE),
                field("lists", ArrowType.List.INSTANCE, field("item", new ArrowType.Int(16, true))),
                field("large_lists", ArrowType.LargeList.INSTANCE, field("item", TEXT)),
                field("list_views", ArrowType.ListView.INSTANCE, field("item", INT)),
                field(
                        "fixed_lists",
                        new ArrowType.FixedSizeList(2),
                        field("item", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE))),
                field("structs", ArrowType.Struct.INSTANCE, field("a", new ArrowType.Int(64, true)), field("b", TEXT)),
                field(
                        "dense",
                        new ArrowType.Union(UnionMode.Dense, new int[] {0, 3}),
                        field("i", INT),
                        field("t", TEXT)),
                field("runs", ArrowType.RunEndEncoded.INSTANCE, runEnds(), field("values", TEXT)),
                field("nulls", ArrowType.Null.INSTANCE));
    }

    private static Field runEnds() {
        return new Field("run_ends", FieldType.notNullable(INT), List.of());
    }

    VectorSchemaRoot root() {
        return root;
    }

    DictionaryProvider dictionaries() {
        return dictionaries;
    }

    @Override
    public void close() {
        AutoCloseables.closeNoChecked(() -> AutoCloseables.close(root, words));
    }
}
