package org.arrownpz.event;

import static org.arrownpz.event.Tables.column;
import static org.arrownpz.event.Tables.doubles;
import static org.arrownpz.event.Tables.longs;
import static org.arrownpz.event.Tables.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.extension.OpaqueType;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Columns and requests that tables of numbers do not have. */
@ExtendWith(LeakCheck.class)
class EventCornersTest {
    private static final FieldType LONG = FieldType.nullable(new ArrowType.Int(64, true));

    private static FieldVector fixed(String name, ArrowType type, BufferAllocator allocator, long... values) {
        BaseFixedWidthVector vector =
                (BaseFixedWidthVector) Field.nullable(name, type).createVector(allocator);
        vector.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            if (vector.getTypeWidth() == 4) {
                vector.getDataBuffer().setInt(4L * i, (int) values[i]);
            } else {
                vector.getDataBuffer().setLong(8L * i, values[i]);
            }
            BitVectorHelper.setBit(vector.getValidityBuffer(), i);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    @Test
    void sessionsTakeTimesOfAnyUnit(BufferAllocator allocator) throws Exception {
        record Case(ArrowType type, Duration gap, long far) {}
        List<Case> cases = List.of(
                new Case(new ArrowType.Timestamp(TimeUnit.MILLISECOND, null), Duration.ofSeconds(2), 2_001),
                new Case(new ArrowType.Timestamp(TimeUnit.MICROSECOND, null), Duration.ofMillis(2), 2_001),
                new Case(new ArrowType.Timestamp(TimeUnit.NANOSECOND, "UTC"), Duration.ofNanos(2_000), 2_001),
                new Case(new ArrowType.Duration(TimeUnit.MILLISECOND), Duration.ofSeconds(2), 2_001),
                new Case(new ArrowType.Time(TimeUnit.SECOND, 32), Duration.ofSeconds(2_000), 2_001),
                new Case(new ArrowType.Time(TimeUnit.NANOSECOND, 64), Duration.ofNanos(2_000), 2_001),
                new Case(new ArrowType.Date(DateUnit.DAY), Duration.ofDays(2_000), 2_001),
                new Case(new ArrowType.Date(DateUnit.MILLISECOND), Duration.ofMillis(2_000), 2_001));
        for (Case one : cases) {
            PackSpec spec = PackSpec.by("k").pack("v").session(one.gap(), "t");
            try (VectorSchemaRoot root = Tables.of(
                            longs("k", new long[] {1, 1, 1}, allocator),
                            fixed("t", one.type(), allocator, 0, 2_000, 2_000 + one.far()),
                            longs("v", new long[] {0, 1, 2}, allocator));
                    Packed packed = Events.pack(root, spec)) {
                assertThat(column(packed.root(), "v").toString())
                        .as(one.toString())
                        .isEqualTo("[[0, 1], [2]]");
                assertThat(packed.root().getVector("session_start").getField().getType())
                        .isEqualTo(one.type());
            }
        }
    }

    @Test
    void gapBeyondAllTimesIsOneSession(BufferAllocator allocator) throws Exception {
        PackSpec spec = PackSpec.by("k").pack("v").session(Duration.ofSeconds(Long.MAX_VALUE), "t");
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {1, 1}, allocator),
                        fixed("t", new ArrowType.Timestamp(TimeUnit.NANOSECOND, null), allocator, 0, Long.MAX_VALUE),
                        longs("v", new long[] {0, 1}, allocator));
                Packed packed = Events.pack(root, spec)) {
            assertThat(column(packed.root(), "v").toString()).isEqualTo("[[0, 1]]");
        }
    }

    @Test
    void sessionsWithoutATimeAreRefusedOrDropped(BufferAllocator allocator) throws Exception {
        PackSpec spec = PackSpec.by("k").pack("v").session(Duration.ofSeconds(10), "t");
        try (VectorSchemaRoot root = Tables.of(
                longs("k", new long[] {1, 1, 1}, allocator),
                Tables.seconds("t", new long[] {0, 5, Long.MIN_VALUE}, allocator),
                longs("v", new long[] {0, 1, 2}, allocator))) {
            assertThatThrownBy(() -> Events.pack(root, spec.nullKeys(NullKeys.KEEP)))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                    .hasMessageContaining("time is null");
            try (Packed packed = Events.pack(root, spec)) {
                assertThat(column(packed.root(), "v").toString()).isEqualTo("[[0, 1]]");
                assertThat(packed.report().toString())
                        .startsWith("3 rows packed into 1 group, 1 rows without key dropped");
            }
        }
    }

    @Test
    void rowsWithoutATimeBetweenOthersLeaveTheirSessionWhole(BufferAllocator allocator) throws Exception {
        PackSpec spec = PackSpec.by("k").pack("v").session(Duration.ofSeconds(10), "t");
        try (VectorSchemaRoot root = Tables.of(
                longs("k", new long[] {1, 1, 1, 2, 2, 0}, allocator),
                Tables.seconds("t", new long[] {0, Long.MIN_VALUE, 5, Long.MIN_VALUE, 1, Long.MIN_VALUE}, allocator),
                longs("v", new long[] {0, 1, 2, 3, 4, 5}, allocator))) {
            for (InputOrder order : List.of(InputOrder.SORTED, InputOrder.STABLE_SORT)) {
                try (Packed packed = Events.pack(root, spec.order(order))) {
                    assertThat(column(packed.root(), "v").toString()).isEqualTo("[[0, 2], [4]]");
                    assertThat(packed.report().droppedRows()).isEqualTo(3);
                }
            }
        }
    }

    @Test
    void reportsSayWhatHappened(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root =
                        Tables.of(longs("k", new long[] {2, 1}, allocator), longs("v", new long[] {0, 1}, allocator));
                Packed sorted = Events.pack(root, PackSpec.by("k").packRest());
                Packed runs = Events.pack(root, PackSpec.by("k").packRest().order(InputOrder.RUNS))) {
            assertThat(sorted.report().toString())
                    .startsWith("2 rows packed into 2 groups, sorted because the key of row 1 is less than");
            assertThat(runs.report().toString()).startsWith("2 rows packed into 2 groups\n");
            assertThat(runs.frame()).isSameAs(runs.frame());
        }
    }

    @Test
    void columnsAreNamedOrCountedFromEitherEnd(BufferAllocator allocator) throws Exception {
        assertThat(ColumnRef.of("a")).hasToString("a");
        assertThat(ColumnRef.of(-2)).hasToString("-2");
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {1, 1}, allocator),
                        longs("u", new long[] {7, 7}, allocator),
                        longs("v", new long[] {0, 1}, allocator));
                Packed packed = Events.pack(root, PackSpec.by(0).carry(1).pack(-1));
                Unpacked back = Events.unpack(packed.root(), UnpackSpec.explode(-1))) {
            assertThat(column(packed.root(), "u").toString()).isEqualTo("[7]");
            assertThat(column(back.root(), "v").toString()).isEqualTo("[0, 1]");
            assertThat(column(back.root(), "u").toString()).isEqualTo("[7, 7]");
        }
    }

    @Test
    void requestsWithoutSenseAreMisuse(BufferAllocator allocator) {
        assertThatThrownBy(() -> UnpackSpec.explode(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PackSpec.by(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PackSpec.by("k").session(Duration.ofSeconds(-1), "t"))
                .isInstanceOf(IllegalArgumentException.class);
        List<FieldVector> many = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            many.add(longs("c" + i, new long[] {1}, allocator));
        }
        try (VectorSchemaRoot root = Tables.of(many.toArray(FieldVector[]::new))) {
            assertThatThrownBy(() -> Events.pack(root, PackSpec.by("z").packRest()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'c19' and 5 more");
        }
        try (VectorSchemaRoot root = Tables.of(
                Tables.seconds("t", new long[] {1}, allocator),
                longs("session", new long[] {1}, allocator),
                longs("v", new long[] {1}, allocator))) {
            assertThatThrownBy(
                            () -> Events.pack(root, PackSpec.by("t").pack("v").session(Duration.ZERO, "t")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is a key as well");
            assertThatThrownBy(() ->
                            Events.pack(root, PackSpec.by("session").pack("v").session(Duration.ZERO, "t")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("two columns 'session'");
            assertThatThrownBy(() ->
                            Events.unpack(root, UnpackSpec.by("t", "session").ordinal("v")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("two columns 'v'");
        }
        try (VectorSchemaRoot root = new VectorSchemaRoot(
                new Schema(List.of(Field.nullable("n", new ArrowType.Null()))), List.of(new NullVector("n", 2)), 2)) {
            assertThatThrownBy(() -> Events.unpack(root, UnpackSpec.explode("n")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no column with values");
        }
    }

    @Test
    void nestedColumnsAreNoKeysAndViewsAreNotExploded(BufferAllocator allocator) {
        ListVector lists = list(allocator, "l", new int[] {1, 1});
        ListViewVector views = ListViewVector.empty("w", allocator);
        views.addOrGetVector(LONG);
        views.allocateNew();
        views.setValueCount(2);
        try (VectorSchemaRoot root = Tables.of(longs("k", new long[] {1, 2}, allocator), lists, views)) {
            assertThatThrownBy(() -> Events.pack(root, PackSpec.by("l").pack("k")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cannot be a key");
            assertThatThrownBy(
                            () -> Events.pack(root, PackSpec.by("k").carry("l").pack("w")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cannot be carried");
            assertThatThrownBy(() -> Events.unpack(root, UnpackSpec.explode("w")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("convert it to List");
        }
    }

    private static ListVector list(BufferAllocator allocator, String name, int[] sizes) {
        ListVector list = ListVector.empty(name, allocator);
        list.addOrGetVector(LONG);
        BigIntVector values = (BigIntVector) list.getDataVector();
        int next = 0;
        for (int i = 0; i < sizes.length; i++) {
            list.startNewValue(i);
            for (int k = 0; k < sizes[i]; k++) {
                values.setSafe(next, next++);
            }
            list.endValue(i, sizes[i]);
        }
        list.setValueCount(sizes.length);
        values.setValueCount(next);
        return list;
    }

    @Test
    void elementsOfNullListsAreSkipped(BufferAllocator allocator) throws Exception {
        ListVector list = list(allocator, "l", new int[] {2, 2, 1});
        BitVectorHelper.unsetBit(list.getValidityBuffer(), 1);
        try (VectorSchemaRoot root = Tables.of(longs("k", new long[] {1, 2, 3}, allocator), list)) {
            for (EmptyLists policy : EmptyLists.values()) {
                try (Unpacked back = Events.unpack(root, UnpackSpec.explode("l").emptyLists(policy))) {
                    assertThat(column(back.root(), "l").toString())
                            .isEqualTo(policy == EmptyLists.DROP ? "[0, 1, 4]" : "[0, 1, null, 4]");
                }
            }
            try (Unpacked back = Events.unpack(root, UnpackSpec.explode("l").emptyLists(EmptyLists.DROP))) {
                assertThat(back.report().toString()).contains("a null list has elements");
            }
        }
    }

    @Test
    void fixedSizeListsAreExplodedOnRequestOnly(BufferAllocator allocator) throws Exception {
        FixedSizeListVector pairs = FixedSizeListVector.empty("p", 2, allocator);
        pairs.addOrGetVector(LONG);
        BigIntVector values = (BigIntVector) pairs.getDataVector();
        pairs.allocateNew();
        for (int i = 0; i < 3; i++) {
            pairs.setNotNull(i);
            values.setSafe(2 * i, 10 * i);
            values.setSafe(2 * i + 1, 10 * i + 1);
        }
        pairs.setValueCount(3);
        LargeListVector large = LargeListVector.empty("g", allocator);
        large.addOrGetVector(LONG);
        BigIntVector items = (BigIntVector) large.getDataVector();
        for (int i = 0; i < 3; i++) {
            large.startNewValue(i);
            items.setSafe(2 * i, -i);
            items.setSafe(2 * i + 1, -i);
            large.endValue(i, 2);
        }
        large.setValueCount(3);
        try (VectorSchemaRoot root = Tables.of(longs("k", new long[] {1, 2, 3}, allocator), pairs, large)) {
            try (Unpacked back = Events.unpack(root, UnpackSpec.explode("p", "g"))) {
                assertThat(column(back.root(), "p").toString()).isEqualTo("[0, 1, 10, 11, 20, 21]");
                assertThat(column(back.root(), "g").toString()).isEqualTo("[0, 0, -1, -1, -2, -2]");
                assertThat(column(back.root(), "k").toString()).isEqualTo("[1, 1, 2, 2, 3, 3]");
            }
            try (Unpacked back = Events.unpack(root, UnpackSpec.lists().keys(KeyEncoding.RUN_END))) {
                assertThat(column(back.root(), "p").toString())
                        .isEqualTo("[[0, 1], [0, 1], [10, 11], [10, 11], [20, 21], [20, 21]]");
                assertThat(column(back.root(), "k").toString()).isEqualTo("[1, 1, 2, 2, 3, 3]");
            }
        }
    }

    @Test
    void fieldsOfNullStructsAreNull(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {1, 1, 2}, allocator),
                        longs("a", new long[] {5, 6, 7}, allocator),
                        doubles("b", new double[] {.5, .6, .7}, allocator));
                Packed packed = Events.pack(root, PackSpec.by("k").packRest().listOfStruct("rows"))) {
            ListVector list = (ListVector) packed.root().getVector("rows");
            StructVector struct = (StructVector) list.getDataVector();
            assertThat(struct.getValueCount()).isEqualTo(3);
            ArrowBuf bits = struct.getValidityBuffer();
            try (ArrowBuf holed = allocator.buffer(bits.capacity())) {
                holed.setByte(0, 0b101);
                struct.loadFieldBuffers(new ArrowFieldNode(3, 1), List.of(holed));
            }
            try (Unpacked back = Events.unpack(packed.root(), UnpackSpec.lists())) {
                assertThat(column(back.root(), "a").toString()).isEqualTo("[5, null, 7]");
                assertThat(column(back.root(), "b").toString()).isEqualTo("[0.5, null, 0.7]");
                assertThat(back.report().toString()).contains("some structs are null");
            }
        }
    }

    @Test
    void extensionTypesPackByTheirStorage(BufferAllocator allocator) throws Exception {
        Field field = new Field(
                "k", FieldType.nullable(new OpaqueType(new ArrowType.FixedSizeBinary(16), "uuid", "test")), null);
        FieldVector keys = field.createVector(allocator);
        FixedSizeBinaryVector bytes = (FixedSizeBinaryVector) Vectors.storage(keys);
        bytes.allocateNew(3);
        for (int i = 0; i < 3; i++) {
            byte[] uuid = new byte[16];
            uuid[15] = (byte) (i / 2);
            bytes.set(i, uuid);
        }
        keys.setValueCount(3);
        try (VectorSchemaRoot root = Tables.of(keys, longs("v", new long[] {0, 1, 2}, allocator));
                Packed packed = Events.pack(root, PackSpec.by("k").pack("v"));
                Unpacked back = Events.unpack(packed.root(), UnpackSpec.explode("v"))) {
            assertThat(column(packed.root(), "v").toString()).isEqualTo("[[0, 1], [2]]");
            assertThat(packed.root().getVector("k").getField().getType()).isInstanceOf(OpaqueType.class);
            assertThat(((FixedSizeBinaryVector) Vectors.storage(back.root().getVector("k"))).get(2)[15])
                    .isEqualTo((byte) 1);
        }
    }

    @Test
    void columnsOfNullsAndOfFloatsCanBeCarried(BufferAllocator allocator) throws Exception {
        double nan = Double.longBitsToDouble(0x7ff8000000000001L);
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {1, 1, 2}, allocator),
                        new NullVector("n", 3),
                        doubles("d", new double[] {nan, nan, 1}, allocator),
                        longs("v", new long[] {0, 1, 2}, allocator));
                Packed packed =
                        Events.pack(root, PackSpec.by("k").carry("n", "d").pack("v"))) {
            assertThat(column(packed.root(), "n").toString()).isEqualTo("[null, null]");
            assertThat(column(packed.root(), "d").toString()).isEqualTo("[NaN, 1.0]");
            assertThatThrownBy(
                            () -> Events.pack(root, PackSpec.by("k").carry("v").pack("d")))
                    .hasMessageContaining("'v' is not constant in each group: row 1");
        }
    }

    @Test
    void nullEntriesOfDictionariesAreNullKeys(BufferAllocator allocator) throws Exception {
        DictionaryEncoding encoding = new DictionaryEncoding(1, false, new ArrowType.Int(32, true));
        IntVector keys = new IntVector("k", new FieldType(true, encoding.getIndexType(), encoding), allocator);
        keys.allocateNew(4);
        for (int i = 0; i < 4; i++) {
            keys.set(i, i % 2);
        }
        keys.setValueCount(4);
        try (FieldVector entries = texts("d", allocator, null, "a");
                FieldVector numbers = longs("d", new long[] {9, 3}, new boolean[] {true, false}, allocator);
                VectorSchemaRoot root = Tables.of(keys, longs("v", new long[] {0, 1, 2, 3}, allocator))) {
            for (FieldVector words : List.of(entries, numbers)) {
                MapDictionaryProvider provider = new MapDictionaryProvider(new Dictionary(words, encoding));
                try (Packed packed =
                        Events.pack(root, provider, PackSpec.by("k").pack("v"))) {
                    assertThat(column(packed.root(), "v").toString()).isEqualTo("[[1, 3]]");
                    assertThat(packed.report().droppedRows()).isEqualTo(2);
                }
            }
        }
    }

    @Test
    void timeThatGoesBackBetweenBatchesIsRefused(BufferAllocator allocator) throws Exception {
        PackSpec spec = PackSpec.by("k").pack("v").session(Duration.ofSeconds(10), "t");
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {1, 1, 1, 1}, allocator),
                        Tables.seconds("t", new long[] {50, 55, 40, 41}, allocator),
                        longs("v", new long[] {0, 1, 2, 3}, allocator));
                Frame frame = Frame.of(root);
                ArrowReader packing = Events.packing(frame.reader(2), spec)) {
            assertThatThrownBy(packing::loadNextBatch)
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                    .hasMessageContaining("time goes back at row 0 of a batch");
        }
    }

    @Test
    void readersHandOnTheirSourcesDictionaries(BufferAllocator allocator) throws Exception {
        DictionaryEncoding encoding = new DictionaryEncoding(4, false, new ArrowType.Int(32, true));
        IntVector indices = new IntVector("d", new FieldType(true, encoding.getIndexType(), encoding), allocator);
        indices.allocateNew(3);
        for (int i = 0; i < 3; i++) {
            indices.set(i, i % 2);
        }
        indices.setValueCount(3);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (FieldVector words = texts("w", allocator, "x", "y");
                VectorSchemaRoot root = Tables.of(longs("k", new long[] {1, 1, 2}, allocator), indices);
                ArrowStreamWriter writer = new ArrowStreamWriter(
                        root, new MapDictionaryProvider(new Dictionary(words, encoding)), bytes)) {
            writer.writeBatch();
            writer.writeBatch();
        }
        ArrowReader source = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator);
        PackSpec runs = PackSpec.by("k").pack("d").order(InputOrder.RUNS);
        try (ArrowReader packing = Events.packing(source, runs)) {
            assertThat(packing.getVectorSchemaRoot().getSchema().getFields()).hasSize(2);
            List<Object> found = new ArrayList<>();
            while (packing.loadNextBatch()) {
                found.addAll(column(packing.getVectorSchemaRoot(), "d"));
            }
            assertThat(found).hasToString("[[0, 1], [0], [0, 1], [0]]");
            assertThat(packing.getDictionaryIds()).isEqualTo(Set.of(4L));
            assertThat(packing.lookup(4).getVector().getObject(1)).hasToString("y");
            assertThat(packing.getDictionaryVectors()).containsOnlyKeys(4L);
            assertThat(packing.bytesRead()).isEqualTo(source.bytesRead()).isPositive();
        }
    }

    @Test
    void batchesWithoutElementsAreSkipped(BufferAllocator allocator) throws Exception {
        try (VectorSchemaRoot root = Tables.of(
                        longs("k", new long[] {1, 2, 3, 4}, allocator), list(allocator, "l", new int[] {0, 0, 0, 2}));
                Frame frame = Frame.of(root);
                ArrowReader rows = Events.unpacking(
                        frame.reader(2), UnpackSpec.explode("l").emptyLists(EmptyLists.DROP))) {
            assertThat(rows.loadNextBatch()).isTrue();
            assertThat(column(rows.getVectorSchemaRoot(), "k").toString()).isEqualTo("[4, 4]");
            assertThat(rows.loadNextBatch()).isFalse();
        }
    }

    @Test
    void numbersAndMemoryThatRunOutAreLimits() {
        assertThatThrownBy(() -> Scope.run(() -> Math.toIntExact(1L << 40)))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT))
                .hasMessageContaining("more values than its type can count");
        assertThatThrownBy(() -> Scope.run(() -> {
                    throw new OutOfMemoryException("full");
                }))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT))
                .hasMessageContaining("Give the allocator a higher limit");
        assertThatThrownBy(() -> Gather.width(new ArrowType.Utf8()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be put in order");
    }
}
