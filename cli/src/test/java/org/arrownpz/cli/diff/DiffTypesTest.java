package org.arrownpz.cli.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.Location;
import org.arrownpz.array.ArrayDiff;
import org.arrownpz.cli.diff.FrameDiff.Difference;
import org.arrownpz.frame.Frame;
import org.arrownpz.support.column.VectorJoin;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.internal.buffers.ExactFieldType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every type in every nesting: a table is equal to itself, and differs from a changed one where it was changed. */
class DiffTypesTest {
    private static final int ROWS = 40;
    private static final int BATCH = 16;
    private static final ArrowType INT32 = new ArrowType.Int(32, true);

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    private static Field field(String name, ArrowType type, Field... children) {
        return RandomVectors.field(name, type, children);
    }

    private static Field required(String name, ArrowType type, Field... children) {
        return new Field(name, FieldType.notNullable(type), List.of(children));
    }

    /** Those of docs/types.md. */
    private static List<Field> leaves() {
        List<ArrowType> types = new ArrayList<>(List.of(
                new ArrowType.Null(),
                new ArrowType.Bool(),
                new ArrowType.Utf8(),
                new ArrowType.LargeUtf8(),
                new ArrowType.Utf8View(),
                new ArrowType.Binary(),
                new ArrowType.LargeBinary(),
                new ArrowType.BinaryView(),
                new ArrowType.FixedSizeBinary(5),
                new ArrowType.Decimal(38, 3, 128),
                new ArrowType.Decimal(70, 3, 256),
                new ArrowType.Time(TimeUnit.SECOND, 32),
                new ArrowType.Time(TimeUnit.MILLISECOND, 32),
                new ArrowType.Time(TimeUnit.MICROSECOND, 64),
                new ArrowType.Time(TimeUnit.NANOSECOND, 64)));
        for (int width : new int[] {8, 16, 32, 64}) {
            types.add(new ArrowType.Int(width, true));
            types.add(new ArrowType.Int(width, false));
        }
        for (FloatingPointPrecision precision : FloatingPointPrecision.values()) {
            types.add(new ArrowType.FloatingPoint(precision));
        }
        for (DateUnit unit : DateUnit.values()) {
            types.add(new ArrowType.Date(unit));
        }
        for (IntervalUnit unit : IntervalUnit.values()) {
            types.add(new ArrowType.Interval(unit));
        }
        for (TimeUnit unit : TimeUnit.values()) {
            types.add(new ArrowType.Timestamp(unit, null));
            types.add(new ArrowType.Timestamp(unit, "Europe/Berlin"));
            types.add(new ArrowType.Duration(unit));
        }
        return types.stream().map(type -> field("item", type)).toList();
    }

    private static Field union(UnionMode mode, Field item) {
        Field other =
                item.getType() instanceof ArrowType.Bool ? field("other", INT32) : field("other", new ArrowType.Bool());
        return field("v", new ArrowType.Union(mode, new int[] {3, 5}), item, other);
    }

    private static Field map(Field item) {
        return field(
                "v",
                new ArrowType.Map(false),
                required("entries", new ArrowType.Struct(), required("key", INT32), item));
    }

    static Stream<String> nestings() {
        return Stream.concat(nested().keySet().stream(), Stream.of("dictionary"));
    }

    private static Map<String, UnaryOperator<Field>> nested() {
        Map<String, UnaryOperator<Field>> nested = new LinkedHashMap<>();
        nested.put("top level", item -> item);
        nested.put("list", item -> field("v", new ArrowType.List(), item));
        nested.put("large list", item -> field("v", new ArrowType.LargeList(), item));
        nested.put("fixed-size list", item -> field("v", new ArrowType.FixedSizeList(2), item));
        nested.put("list view", item -> field("v", new ArrowType.ListView(), item));
        nested.put("large list view", item -> field("v", new ArrowType.LargeListView(), item));
        nested.put("struct", item -> field("v", new ArrowType.Struct(), field("a", INT32), item));
        nested.put("map", DiffTypesTest::map);
        nested.put("sparse union", item -> union(UnionMode.Sparse, item));
        nested.put("dense union", item -> union(UnionMode.Dense, item));
        nested.put(
                "run-end encoded",
                item -> field("v", new ArrowType.RunEndEncoded(), required("run_ends", INT32), item));
        nested.put(
                "list of structs", item -> field("v", new ArrowType.List(), field("s", new ArrowType.Struct(), item)));
        return nested;
    }

    /** Columns of all types, those of dictionaries with their entries. Closes all. */
    private record Table(VectorSchemaRoot root, MapDictionaryProvider dictionaries) implements AutoCloseable {
        Frame frame() {
            return Frame.of(root, dictionaries);
        }

        @Override
        public void close() {
            root.close();
            dictionaries
                    .getDictionaryIds()
                    .forEach(id -> dictionaries.lookup(id).getVector().close());
        }
    }

    private static Field named(Field field, int column) {
        return ExactFieldType.of(new Field("c" + column, field.getFieldType(), field.getChildren()));
    }

    private FieldVector values(Field field, int seed) {
        return field.getType() instanceof ArrowType.Union type && type.getMode() == UnionMode.Sparse
                ? sparse(field, type, seed)
                : new RandomVectors(allocator, seed, true).vector(field, ROWS);
    }

    /** Arrow's own sparse unions know children by their kinds alone, and not all kinds. */
    private FieldVector sparse(Field field, ArrowType.Union type, int seed) {
        RandomVectors random = new RandomVectors(allocator, seed, true);
        FieldVector union = field.createVector(allocator);
        List<FieldVector> children = field.getChildren().stream()
                .map(child -> random.vector(child, ROWS))
                .toList();
        try (VectorSchemaRoot plain = new VectorSchemaRoot(children);
                ArrowRecordBatch parts = new VectorUnloader(plain).getRecordBatch();
                ArrowBuf codes = allocator.buffer(ROWS)) {
            for (int row = 0; row < ROWS; row++) {
                codes.setByte(row, type.getTypeIds()[(row + seed) % 5 % 2]);
            }
            List<ArrowFieldNode> nodes = new ArrayList<>(List.of(new ArrowFieldNode(ROWS, 0)));
            nodes.addAll(parts.getNodes());
            List<ArrowBuf> buffers = new ArrayList<>(List.of(codes.writerIndex(ROWS)));
            buffers.addAll(parts.getBuffers());
            try (ArrowRecordBatch batch = new ArrowRecordBatch(
                    ROWS, nodes, buffers, parts.getBodyCompression(), parts.getVariadicBufferCounts(), true)) {
                new VectorLoader(VectorSchemaRoot.of(union)).load(batch);
            }
            return union;
        }
    }

    /** @param changed by column: the row that has another value, -1 where none has; null for the plain table */
    private Table table(String nesting, int[] changed) throws Exception {
        List<Field> leaves = leaves();
        List<FieldVector> columns = new ArrayList<>();
        MapDictionaryProvider dictionaries = new MapDictionaryProvider();
        for (int i = 0; i < leaves.size(); i++) {
            boolean encoded = nesting.equals("dictionary");
            Field field = named(encoded ? leaves.get(i) : nested().get(nesting).apply(leaves.get(i)), i);
            FieldVector vector = changed == null ? values(field, i) : changed(field, i, changed);
            columns.add(encoded ? encoded(vector, i, dictionaries, changed) : vector);
        }
        return new Table(new VectorSchemaRoot(columns), dictionaries);
    }

    /** The plain column but for one row. */
    private FieldVector changed(Field field, int column, int[] rows) throws Exception {
        try (FieldVector plain = values(field, column);
                FieldVector other = values(field, column + 1000)) {
            List<Object> before = RandomVectors.values(plain);
            List<Object> after = RandomVectors.values(other);
            int row = -1;
            for (int i = 0; i < ROWS && row < column; i++) {
                row = String.valueOf(before.get(i)).equals(String.valueOf(after.get(i))) ? row : i;
            }
            rows[column] = row;
            VectorJoin join = new VectorJoin(field);
            if (row < 0) {
                join.add(plain);
            } else {
                join.add(plain, 0, row).add(other, row, 1).add(plain, row + 1, ROWS - row - 1);
            }
            return join.join(allocator, new Location("test", ""));
        }
    }

    /** Each entry is the value of one row, the last entry that of the first. */
    private FieldVector encoded(FieldVector entries, int column, MapDictionaryProvider dictionaries, int[] changed) {
        DictionaryEncoding encoding = new DictionaryEncoding(column, false, new ArrowType.Int(32, true));
        dictionaries.put(new Dictionary(entries, encoding));
        IntVector indices = new IntVector("c" + column, new FieldType(true, INT32, encoding), allocator);
        for (int row = 0; row < ROWS; row++) {
            indices.setSafe(row, ROWS - 1 - row);
        }
        indices.setValueCount(ROWS);
        if (changed != null && changed[column] >= 0) {
            changed[column] = ROWS - 1 - changed[column];
        }
        return indices;
    }

    private static List<Difference> diff(Table a, Table b) throws Exception {
        try (Frame left = a.frame();
                Frame right = b.frame()) {
            return new FrameDiff(left, right, ArrayDiff.exact(), 5, BATCH).compare(column -> {});
        }
    }

    @ParameterizedTest
    @MethodSource("nestings")
    @DisplayName("A1, A3: every type in every nesting is equal to itself, and to nothing else")
    void isEqualToItselfAndDiffersWhereItWasChanged(String nesting) throws Exception {
        int[] rows = new int[leaves().size()];
        try (Table table = table(nesting, null);
                Table same = table(nesting, null);
                Table changed = table(nesting, rows)) {
            assertThat(diff(table, same)).isEmpty();
            List<Difference> found = diff(table, changed);
            for (int column = 0; column < rows.length; column++) {
                String name = "c" + column;
                int row = rows[column];
                List<Difference> of =
                        found.stream().filter(one -> name.equals(one.column())).toList();
                if (row < 0) {
                    assertThat(leaves().get(column).getType()).isEqualTo(new ArrowType.Null());
                    assertThat(of).isEmpty();
                    continue;
                }
                assertThat(of)
                        .as(leaves().get(column).toString())
                        .singleElement()
                        .satisfies(one -> {
                            assertThat(one.what()).isEqualTo("values");
                            assertThat(one.rows()).isEqualTo(1);
                            assertThat(one.first())
                                    .extracting(Difference.Row::row)
                                    .containsExactly((long) row);
                        });
            }
            assertThat(found).allSatisfy(one -> assertThat(one.column()).isNotNull());
        }
    }
}
