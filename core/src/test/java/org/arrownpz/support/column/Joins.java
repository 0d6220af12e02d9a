package org.arrownpz.support.column;

import static org.arrownpz.testing.RandomVectors.field;
import static org.arrownpz.vector.internal.buffers.Slices.INT;
import static org.arrownpz.vector.internal.buffers.Slices.TEXT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.extension.OpaqueType;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.internal.buffers.Slices;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.jspecify.annotations.Nullable;

/** Fields of every type in every nesting, and batches of them. */
public final class Joins {
    private static final int[] COUNTS = {17, 0, 9, 5, 1, 0, 64};

    private Joins() {}

    /** Every type, also those that make trouble where vectors are appended to each other. */
    static List<Field> types() {
        List<Field> types = new ArrayList<>(AllTypes.all());
        types.add(Slices.dense("dense union of any codes"));
        types.add(field("struct of nothing", new ArrowType.Struct()));
        types.add(field("fixed list of size 0", new ArrowType.FixedSizeList(0), field("item", INT)));
        types.add(field("fixed list of nulls", new ArrowType.FixedSizeList(2), field("item", new ArrowType.Null())));
        types.add(field("list of nulls", new ArrowType.List(), field("item", new ArrowType.Null())));
        types.add(map("map of nulls", field("value", new ArrowType.Null())));
        types.add(new Field(
                "not nullable",
                new FieldType(false, new ArrowType.Int(64, true), null, Map.of("unit", "m")),
                List.of()));
        for (int width : new int[] {8, 64}) {
            ArrowType.Int index = new ArrowType.Int(width, width == 8);
            types.add(new Field(
                    "codes " + width, new FieldType(true, index, new DictionaryEncoding(4, false, index)), List.of()));
        }
        types.add(new Field("extension", FieldType.nullable(new OpaqueType(TEXT, "text", "vendor")), List.of()));
        return types;
    }

    private static Field map(String name, Field value) {
        Field key = new Field("key", FieldType.notNullable(INT), List.of());
        return field(
                name,
                new ArrowType.Map(false),
                new Field("entries", FieldType.notNullable(new ArrowType.Struct()), List.of(key, value)));
    }

    /** The field itself and as part of each type that has children. */
    static List<Field> nestings(Field leaf) {
        List<Field> nested = new ArrayList<>();
        nested.add(leaf);
        nested.add(field("list", new ArrowType.List(), leaf));
        nested.add(field("large list", new ArrowType.LargeList(), leaf));
        nested.add(field("list view", new ArrowType.ListView(), leaf));
        nested.add(field("large list view", new ArrowType.LargeListView(), leaf));
        // Arrow Java makes no fixed-size lists of unions, but of structs that hold them.
        boolean union = leaf.getType() instanceof ArrowType.Union;
        Field item = union ? field("s", new ArrowType.Struct(), leaf) : leaf;
        nested.add(field("fixed list", new ArrowType.FixedSizeList(3), item));
        nested.add(field("struct", new ArrowType.Struct(), leaf, field("beside", INT)));
        nested.add(map("map", leaf));
        nested.add(field(
                "dense union", new ArrowType.Union(UnionMode.Dense, new int[] {9, 2}), leaf, field("beside", TEXT)));
        nested.add(field(
                "run ends",
                new ArrowType.RunEndEncoded(),
                new Field("run_ends", FieldType.notNullable(INT), List.of()),
                leaf));
        nested.add(field("deep", new ArrowType.List(), field("s", new ArrowType.Struct(), nested.get(1))));
        return nested;
    }

    /**
     * Batches of a field: of random values with and without nulls, empty ones without any memory, ones that are null
     * throughout, and slices.
     */
    static List<FieldVector> batches(Field field, int number, BufferAllocator allocator) throws Exception {
        List<FieldVector> batches = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            int rows = COUNTS[i];
            RandomVectors random = new RandomVectors(allocator, 31 * i + 7, i % 2 == 0 && field.isNullable());
            if (i == 3 && canBeNull(field)) {
                batches.add(nulls(field, rows, allocator));
            } else if (i == 2 || i == 4) {
                try (FieldVector whole = random.vector(field, rows + 11)) {
                    batches.addAll(VectorSlices.share(List.of(whole), allocator, 5, rows, Slices.NOWHERE));
                }
            } else if (rows == 0) {
                batches.add(field.createVector(allocator));
            } else {
                batches.add(random.vector(field, rows));
            }
        }
        return batches;
    }

    private static boolean canBeNull(Field field) {
        return field.isNullable()
                && !(field.getType() instanceof ArrowType.Union || field.getType() instanceof ArrowType.RunEndEncoded);
    }

    private static FieldVector nulls(Field field, int rows, BufferAllocator allocator) {
        FieldVector vector = new RandomVectors(allocator, 3, false).vector(field, rows);
        for (int i = 0; i < rows; i++) {
            if (!(field.getType() instanceof ArrowType.Null)) {
                Storage.of(vector).setNull(i);
            }
        }
        return vector;
    }

    /** Whether a type within the field is of one of the given classes. */
    static boolean holds(FieldVector vector, Class<?> type) {
        return type.isInstance(vector)
                || vector.getChildrenFromFields().stream().anyMatch(child -> holds(child, type));
    }

    /** The values of a column's batches as objects. */
    static List<@Nullable Object> values(List<FieldVector> batches) {
        return RandomVectors.values(batches.toArray(FieldVector[]::new));
    }

    /** Whether Arrow Java's own unions and run ends, whose null counts it does not give, are in a vector. */
    static boolean isWithoutBitmap(FieldVector vector) {
        return vector instanceof UnionVector
                || vector instanceof DenseUnionVector
                || vector instanceof RunEndEncodedVector;
    }
}
