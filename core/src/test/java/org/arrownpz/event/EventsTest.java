package org.arrownpz.event;

import static org.arrownpz.event.Tables.column;
import static org.arrownpz.event.Tables.doubles;
import static org.arrownpz.event.Tables.list;
import static org.arrownpz.event.Tables.longs;
import static org.arrownpz.event.Tables.seconds;
import static org.arrownpz.event.Tables.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class EventsTest {
    private static final PackSpec SPEC = PackSpec.by("k").packRest();

    private static VectorSchemaRoot sorted(BufferAllocator allocator) {
        return Tables.of(
                longs("k", new long[] {1, 1, 2, 5, 5, 5}, allocator),
                longs("a", new long[] {10, 11, 12, 13, 14, 15}, allocator),
                doubles("b", new double[] {.0, .1, .2, .3, .4, .5}, allocator),
                texts("c", allocator, "u", null, "w", "x", "", "z"));
    }

    @Test
    void listsShareOneOffsetsBufferOverTheValuesOfTheInput(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = sorted(allocator)) {
            List<Integer> before = new ArrayList<>();
            root.getFieldVectors()
                    .forEach(vector -> before.add(vector.getDataBuffer().refCnt()));
            assertOneOffsetsBuffer(root, before);
        }
    }

    private static void assertOneOffsetsBuffer(VectorSchemaRoot root, List<Integer> before) throws NpzException {
        try (Packed packed = Events.pack(root, SPEC)) {
            ListVector a = (ListVector) packed.root().getVector("a");
            ListVector b = (ListVector) packed.root().getVector("b");
            ListVector c = (ListVector) packed.root().getVector("c");
            long offsets = a.getOffsetBuffer().memoryAddress();
            assertThat(b.getOffsetBuffer().memoryAddress()).isEqualTo(offsets);
            assertThat(c.getOffsetBuffer().memoryAddress()).isEqualTo(offsets);
            assertThat(a.getOffsetBuffer()).isNotSameAs(b.getOffsetBuffer());
            assertThat(a.getOffsetBuffer().refCnt()).isEqualTo(3);
            for (String name : List.of("a", "b", "c")) {
                FieldVector values = root.getVector(name);
                FieldVector child = ((ListVector) packed.root().getVector(name)).getDataVector();
                assertThat(child.getDataBuffer().memoryAddress())
                        .isEqualTo(values.getDataBuffer().memoryAddress());
                int references = before.get(root.getFieldVectors().indexOf(values));
                assertThat(values.getDataBuffer().refCnt()).isEqualTo(2 * references);
            }
            assertThat(packed.report().inPlace()).isTrue();
            assertThat(packed.report().copies().toString()).contains("VIEWED");
            assertThat(column(packed.root(), "c").toString()).isEqualTo("[[u, null], [w], [x, , z]]");
        }
    }

    @Test
    void thePackedRowsOutliveTheInput(BufferAllocator allocator) throws Exception {
        Packed packed;
        try (VectorSchemaRoot root = sorted(allocator)) {
            packed = Events.pack(root, SPEC);
        }
        assertThat(column(packed.root(), "a").toString()).isEqualTo("[[10, 11], [12], [13, 14, 15]]");
        packed.close();
        packed.close();
    }

    @Test
    void ipcOfListsOverOneOffsetsBufferIsRight(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = sorted(allocator);
                Packed packed = Events.pack(root, SPEC)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ArrowStreamWriter writer = new ArrowStreamWriter(packed.root(), null, bytes)) {
                writer.writeBatch();
            }
            try (ArrowStreamReader reader =
                    new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
                assertThat(reader.loadNextBatch()).isTrue();
                for (String name : List.of("k", "a", "b", "c")) {
                    assertThat(column(reader.getVectorSchemaRoot(), name)).isEqualTo(column(packed.root(), name));
                }
            }
        }
    }

    @Test
    void unsortedRowsAreSortedAndTheReportSaysWhy(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {3, 1, 3, 2}, allocator),
                        longs("v", new long[] {0, 1, 2, 3}, allocator));
                Packed packed = Events.pack(root, SPEC)) {
            assertThat(column(packed.root(), "k").toString()).isEqualTo("[1, 2, 3]");
            assertThat(column(packed.root(), "v").toString()).isEqualTo("[[1], [3], [0, 2]]");
            assertThat(packed.report().used()).isEqualTo(InputOrder.STABLE_SORT);
            assertThat(packed.report().fallback()).isEqualTo("the key of row 1 is less than the one before it");
            assertThat(packed.report().inPlace()).isFalse();
        }
    }

    @Test
    void runsStayApart(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {3, 1, 1, 3}, allocator),
                        longs("v", new long[] {0, 1, 2, 3}, allocator));
                Packed packed = Events.pack(root, SPEC.order(InputOrder.RUNS))) {
            assertThat(column(packed.root(), "k").toString()).isEqualTo("[3, 1, 3]");
            assertThat(column(packed.root(), "v").toString()).isEqualTo("[[0], [1, 2], [3]]");
        }
    }

    @Test
    void nullAndNaNKeysAreOneAndGoByThePolicy(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                doubles("k", new double[] {-0.0, 0.0, 1, Double.NaN, Double.longBitsToDouble(-1)}, allocator),
                longs("v", new long[] {0, 1, 2, 3, 4}, allocator))) {
            try (Packed packed = Events.pack(root, SPEC)) {
                assertThat(column(packed.root(), "v").toString()).isEqualTo("[[0, 1], [2]]");
                assertThat(column(packed.root(), "k").toString()).isEqualTo("[-0.0, 1.0]");
                assertThat(packed.report().droppedRows()).isEqualTo(2);
                assertThat(packed.report().inPlace()).isTrue();
                try (Unpacked back = Events.unpack(packed.root(), UnpackSpec.lists())) {
                    assertThat(column(back.root(), "v").toString()).isEqualTo("[0, 1, 2]");
                }
            }
            try (Packed packed = Events.pack(root, SPEC.nullKeys(NullKeys.KEEP))) {
                assertThat(column(packed.root(), "v").toString()).isEqualTo("[[0, 1], [2], [3, 4]]");
            }
            assertThatThrownBy(() -> Events.pack(root, SPEC.nullKeys(NullKeys.ERROR)))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                    .hasMessageContaining("row 3");
        }
    }

    @Test
    void rowsWithoutKeyBetweenOthersForceACopyThatKeepsGroupsWhole(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                        longs(
                                "k",
                                new long[] {0, 1, 0, 1, 2},
                                new boolean[] {true, false, true, false, false},
                                allocator),
                        longs("v", new long[] {0, 1, 2, 3, 4}, allocator));
                Packed packed = Events.pack(root, SPEC)) {
            assertThat(column(packed.root(), "v").toString()).isEqualTo("[[1, 3], [4]]");
            assertThat(packed.report().copies().toString()).contains("rows without key lie between the others");
        }
    }

    @Test
    void naTIsNull(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                        seconds("k", new long[] {Long.MIN_VALUE, 3, 3}, allocator),
                        longs("v", new long[] {0, 1, 2}, allocator));
                Packed packed = Events.pack(root, SPEC);
                Unpacked back = Events.unpack(packed.root(), UnpackSpec.lists())) {
            assertThat(column(packed.root(), "v").toString()).isEqualTo("[[1, 2]]");
            assertThat(column(back.root(), "v").toString()).isEqualTo("[1, 2]");
            assertThat(back.report().toString()).contains("the first list begins behind the first element");
        }
    }

    @Test
    void textIsOrderedByCodePoint(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                        texts("k", allocator, "\uD83D\uDE00", "\uFB01", "é", "b", "a", "B", ""),
                        longs("v", new long[] {0, 1, 2, 3, 4, 5, 6}, allocator));
                Packed packed = Events.pack(root, SPEC)) {
            assertThat(column(packed.root(), "k")).isEqualTo(list("", "B", "a", "b", "é", "\uFB01", "\uD83D\uDE00"));
        }
    }

    @Test
    void resultsOutliveTheDictionariesOfTheirInput(BufferAllocator allocator) throws Exception {
        DictionaryEncoding encoding = new DictionaryEncoding(1, false, new ArrowType.Int(32, true));
        Field field = new Field("v", new FieldType(true, new ArrowType.Int(32, true), encoding), null);
        Packed packed;
        Unpacked unpacked;
        try (VarCharVector entries = new VarCharVector("entries", allocator);
                FieldVector key = Tables.longs("k", new long[] {1, 1, 2}, allocator);
                IntVector indices = (IntVector) field.createVector(allocator)) {
            entries.allocateNew();
            entries.setSafe(0, "first".getBytes(StandardCharsets.UTF_8));
            entries.setSafe(1, "second".getBytes(StandardCharsets.UTF_8));
            entries.setValueCount(2);
            indices.allocateNew(3);
            for (int i = 0; i < 3; i++) {
                indices.set(i, i % 2);
            }
            indices.setValueCount(3);
            VectorSchemaRoot root = Tables.of(indices, key);
            DictionaryProvider provider =
                    new DictionaryProvider.MapDictionaryProvider(new Dictionary(entries, encoding));
            packed = Events.pack(root, provider, PackSpec.by("v").pack("k"));
            try (Frame frame = packed.frame()) {
                unpacked = Events.unpack(frame, UnpackSpec.lists());
            }
        }
        try (packed;
                unpacked) {
            assertThat(packed.dictionaries().lookup(1).getVector().getObject(1)).hasToString("second");
            packed.close();
            assertThat(unpacked.dictionaries().lookup(1).getVector().getObject(0))
                    .hasToString("first");
            assertThat(unpacked.frame().dictionaries().lookup(1).getVector().getObject(1))
                    .hasToString("second");
        }
    }

    @Test
    void dictionaryEncodedKeysGoByValueUnlessOrdered(BufferAllocator allocator) throws Exception {
        for (boolean ordered : new boolean[] {false, true}) {
            DictionaryEncoding encoding = new DictionaryEncoding(1, ordered, new ArrowType.Int(32, true));
            IntVector keys = new IntVector("k", new FieldType(true, encoding.getIndexType(), encoding), allocator);
            keys.allocateNew(4);
            // "m" stands in the dictionary twice.
            int[] indices = {0, 2, 1, 2};
            for (int i = 0; i < 4; i++) {
                keys.set(i, indices[i]);
            }
            keys.setValueCount(4);
            try (FieldVector entries = texts("d", allocator, "m", "a", "m");
                    VectorSchemaRoot root = Tables.of(keys, longs("v", new long[] {0, 1, 2, 3}, allocator))) {
                DictionaryProvider provider =
                        new DictionaryProvider.MapDictionaryProvider(new Dictionary(entries, encoding));
                try (Packed packed = Events.pack(root, provider, SPEC)) {
                    String expected = ordered ? "[[0, 1, 3], [2]]" : "[[2], [0, 1, 3]]";
                    assertThat(column(packed.root(), "v").toString()).isEqualTo(expected);
                }
                assertThatThrownBy(() -> Events.pack(root, SPEC))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("dictionary");
                keys.set(2, 9);
                assertThatThrownBy(() -> Events.pack(root, provider, SPEC)).isInstanceOf(NpzException.class);
            }
        }
    }

    @Test
    void sessionsBreakAtGapsAndAreNumberedByKey(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                        texts("k", allocator, "a", "a", "a", "b", "b"),
                        seconds("t", new long[] {0, 1800, 3601, 10, 20}, allocator),
                        longs("v", new long[] {0, 1, 2, 3, 4}, allocator));
                Packed packed = Events.pack(root, PackSpec.by("k").pack("v").session(Duration.ofMinutes(30), "t"))) {
            assertThat(column(packed.root(), "k").toString()).isEqualTo("[a, a, b]");
            assertThat(column(packed.root(), "session").toString()).isEqualTo("[0, 1, 0]");
            assertThat(column(packed.root(), "session_start").toString())
                    .isEqualTo("[1970-01-01T00:00, 1970-01-01T01:00:01, 1970-01-01T00:00:10]");
            assertThat(column(packed.root(), "session_end").toString())
                    .isEqualTo("[1970-01-01T00:30, 1970-01-01T01:00:01, 1970-01-01T00:00:20]");
            assertThat(column(packed.root(), "session_count").toString()).isEqualTo("[2, 1, 2]");
            assertThat(column(packed.root(), "v").toString()).isEqualTo("[[0, 1], [2], [3, 4]]");
            assertThat(packed.report().inPlace()).isTrue();
        }
    }

    @Test
    void sessionsSortByTimeWhereItGoesBack(BufferAllocator allocator) throws Exception {
        PackSpec spec = PackSpec.by("k").pack("v").session(Duration.ofSeconds(10), "t");
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {1, 1, 1}, allocator),
                        seconds("t", new long[] {50, 0, 5}, allocator),
                        longs("v", new long[] {0, 1, 2}, allocator));
                Packed packed = Events.pack(root, spec)) {
            assertThat(column(packed.root(), "v").toString()).isEqualTo("[[1, 2], [0]]");
            assertThat(packed.report().fallback()).isEqualTo("time goes back at row 1 within a key");
            assertThatThrownBy(() -> Events.pack(root, spec.order(InputOrder.RUNS)))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("row 1");
        }
    }

    @Test
    void carriedColumnsAreStoredOnceAndChecked(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                longs("k", new long[] {2, 1, 2}, allocator),
                texts("u", allocator, "y", "x", "y"),
                longs("v", new long[] {0, 1, 0}, allocator),
                longs("w", new long[] {0, 1, 2}, allocator))) {
            try (Packed packed =
                    Events.pack(root, PackSpec.by("k").carry("u").carry("v").pack("w"))) {
                assertThat(column(packed.root(), "u").toString()).isEqualTo("[x, y]");
                assertThat(column(packed.root(), "w").toString()).isEqualTo("[[1], [0, 2]]");
            }
            for (InputOrder order : List.of(InputOrder.SORTED, InputOrder.STABLE_SORT)) {
                assertThatThrownBy(() -> Events.pack(
                                root, PackSpec.by("k").carry("w").pack("u").order(order)))
                        .isInstanceOf(NpzException.class)
                        .hasMessageContaining("'w' is not constant in each group: row 2");
            }
        }
    }

    @Test
    void listOfStructKeepsValuesInPlaceAndComesApartAgain(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = sorted(allocator);
                Packed packed = Events.pack(root, SPEC.listOfStruct("rows").largeLists());
                Unpacked back = Events.unpack(packed.root(), UnpackSpec.by("k").ordinal("place"))) {
            LargeListVector list = (LargeListVector) packed.root().getVector("rows");
            assertThat(list.getDataVector()
                            .getChildrenFromFields()
                            .get(0)
                            .getDataBuffer()
                            .memoryAddress())
                    .isEqualTo(root.getVector("a").getDataBuffer().memoryAddress());
            for (String name : List.of("k", "a", "b", "c")) {
                assertThat(column(back.root(), name)).isEqualTo(column(root, name));
            }
            assertThat(column(back.root(), "place").toString()).isEqualTo("[0, 1, 0, 0, 1, 2]");
        }
    }

    @Test
    void runEndEncodedKeysLieOverTheOffsets(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = sorted(allocator);
                Packed packed = Events.pack(root, SPEC);
                Unpacked back = Events.unpack(packed.root(), UnpackSpec.lists().keys(KeyEncoding.RUN_END))) {
            RunEndEncodedVector keys = (RunEndEncodedVector) back.root().getVector("k");
            ListVector lists = (ListVector) packed.root().getVector("a");
            assertThat(keys.getRunEndsVector().getDataBuffer().memoryAddress())
                    .isEqualTo(lists.getOffsetBuffer().memoryAddress() + 4);
            assertThat(column(back.root(), "k")).isEqualTo(column(root, "k"));
        }
    }

    @Test
    void emptyListsGiveANullRowOrNone(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = lists(allocator, new int[] {2, 0, 1}, new int[] {2, 0, 1})) {
            try (Unpacked rows = Events.unpack(root, UnpackSpec.by("k"))) {
                assertThat(column(rows.root(), "k").toString()).isEqualTo("[0, 0, 1, 2]");
                assertThat(column(rows.root(), "l0").toString()).isEqualTo("[0, 1, null, 2]");
            }
            UnpackSpec drop = UnpackSpec.by("k").emptyLists(EmptyLists.DROP);
            for (KeyEncoding encoding : KeyEncoding.values()) {
                try (Unpacked rows = Events.unpack(root, drop.keys(encoding))) {
                    assertThat(column(rows.root(), "k").toString()).isEqualTo("[0, 0, 2]");
                    assertThat(column(rows.root(), "l1").toString()).isEqualTo("[0, 1, 2]");
                }
            }
        }
    }

    @Test
    void unequalListsAreRefusedNamingTheRow(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = lists(allocator, new int[] {2, 1}, new int[] {2, 3})) {
            assertThatThrownBy(() -> Events.unpack(root, UnpackSpec.explode("l0", "l1")))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_SHAPE))
                    .hasMessageContaining("row 1 has 1 in 'l0' and 3 in 'l1'");
        }
    }

    private static VectorSchemaRoot lists(BufferAllocator allocator, int[]... sizes) {
        List<FieldVector> vectors = new ArrayList<>();
        long[] keys = new long[sizes[0].length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = i;
        }
        vectors.add(longs("k", keys, allocator));
        for (int column = 0; column < sizes.length; column++) {
            ListVector list = ListVector.empty("l" + column, allocator);
            list.addOrGetVector(FieldType.nullable(new ArrowType.Int(64, true)));
            BigIntVector values = (BigIntVector) list.getDataVector();
            int next = 0;
            for (int i = 0; i < keys.length; i++) {
                list.startNewValue(i);
                for (int k = 0; k < sizes[column][i]; k++) {
                    values.setSafe(next, next++);
                }
                list.endValue(i, sizes[column][i]);
            }
            list.setValueCount(keys.length);
            vectors.add(list);
        }
        return new VectorSchemaRoot(vectors);
    }

    @Test
    void referencesThatFitNoColumnAreMisuse(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = sorted(allocator)) {
            List<PackSpec> wrong = List.of(
                    PackSpec.by("zz").pack("a"),
                    PackSpec.by("k").pack("zz"),
                    PackSpec.by(4).pack("a"),
                    PackSpec.by(-5).pack("a"),
                    PackSpec.by("k", "k").pack("a"),
                    PackSpec.by("k").pack("k"),
                    PackSpec.by("k").pack("a").carry("a"),
                    PackSpec.by("k"),
                    PackSpec.by("k", "a", "b", "c").packRest(),
                    PackSpec.by("k").pack("a").session(Duration.ZERO, "b"));
            for (PackSpec spec : wrong) {
                assertThatThrownBy(() -> Events.pack(root, spec)).isInstanceOf(IllegalArgumentException.class);
            }
            List<UnpackSpec> bad = List.of(
                    UnpackSpec.explode("zz"),
                    UnpackSpec.by("zz"),
                    UnpackSpec.by("k", "a", "b", "c"),
                    UnpackSpec.lists());
            for (UnpackSpec spec : bad) {
                assertThatThrownBy(() -> Events.unpack(root, spec)).isInstanceOf(IllegalArgumentException.class);
            }
            try (Packed packed = Events.pack(root, PackSpec.by(-4).pack(2, -1, 2))) {
                assertThat(packed.root().getSchema().getFields().toString()).contains("k:", "b:", "c:");
            }
        }
    }

    @Test
    void noRowsGiveListsOfTheSameTypes(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot full = sorted(allocator);
                VectorSchemaRoot root = Tables.of(
                        longs("k", new long[0], allocator),
                        longs("a", new long[0], allocator),
                        doubles("b", new double[0], allocator),
                        texts("c", allocator));
                Packed some = Events.pack(full, SPEC);
                Packed none = Events.pack(root, SPEC);
                Unpacked back = Events.unpack(none.root(), UnpackSpec.lists())) {
            assertThat(none.root().getSchema()).isEqualTo(some.root().getSchema());
            assertThat(none.root().getRowCount()).isZero();
            assertThat(back.root().getRowCount()).isZero();
        }
    }

    @Test
    void groupsBeyondOneStepOfTheScanAreFound(BufferAllocator allocator) throws Exception {
        int rows = 400_000;
        long[] keys = new long[rows];
        for (int i = 0; i < rows; i++) {
            keys[i] = i / 3;
        }
        try (VectorSchemaRoot root = Tables.of(longs("k", keys, allocator), longs("v", keys, allocator));
                Packed packed = Events.pack(root, SPEC)) {
            assertThat(packed.report().groups()).isEqualTo(133_334);
            ListVector lists = (ListVector) packed.root().getVector("v");
            for (int group = 0; group < 133_334; group++) {
                if (lists.getElementStartIndex(group) != 3 * group) {
                    assertThat(lists.getElementStartIndex(group)).isEqualTo(3 * group);
                }
            }
        }
    }

    @Test
    void refusedMemoryIsATypedErrorAndNothingStaysAllocated() throws Exception {
        long[] keys = {3, 1, 2, 1};
        PackSpec spec = SPEC.order(InputOrder.STABLE_SORT);
        long requests = AllocationFaults.refuseEach(allocator -> {
            List<FieldVector> vectors = new ArrayList<>();
            try {
                try {
                    vectors.add(longs("k", keys, allocator));
                    vectors.add(texts("v", allocator, "a", "b", "c", null));
                } catch (OutOfMemoryException e) {
                    throw NpzException.of(ErrorCode.LIMIT, "input").cause(e).exception();
                }
                try (Packed packed = Events.pack(Tables.of(vectors.toArray(FieldVector[]::new)), spec);
                        Unpacked back =
                                Events.unpack(packed.root(), UnpackSpec.lists().ordinal("o"))) {
                    assertThat(back.root().getRowCount()).isEqualTo(4);
                }
            } finally {
                vectors.forEach(FieldVector::close);
            }
        });
        assertThat(requests).isGreaterThan(10);
    }
}
