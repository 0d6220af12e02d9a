package org.arrownpz.support.column;

import static org.arrownpz.testing.RandomVectors.field;
import static org.arrownpz.vector.internal.buffers.Slices.INT;
import static org.arrownpz.vector.internal.buffers.Slices.NOWHERE;
import static org.arrownpz.vector.internal.buffers.Slices.TEXT;
import static org.arrownpz.vector.internal.buffers.Slices.close;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.internal.buffers.Slices;
import org.arrownpz.vector.internal.buffers.VectorSlicerMemory;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches of every type, in every nesting, as one vector. */
@ExtendWith(LeakCheck.class)
class VectorJoinTest {
    private static final int[] NUMBERS = {1, 2, 3, 7};

    @TempDir
    Path directory;

    static List<Field> types() {
        return Joins.types();
    }

    static Stream<Field> nestings() {
        return Joins.types().stream().flatMap(type -> Joins.nestings(type).stream());
    }

    // Random decimals have more digits than their types allow.
    private static void validate(FieldVector vector) {
        if (!Joins.holds(vector, DecimalVector.class) && !Joins.holds(vector, Decimal256Vector.class)) {
            VectorValidation.validateFull(vector);
        }
    }

    @ParameterizedTest
    @MethodSource("nestings")
    void holdsTheRowsOfAllBatches(Field field, BufferAllocator allocator) throws Exception {
        for (int number : NUMBERS) {
            List<FieldVector> batches = Joins.batches(field, number, allocator);
            try (FieldVector joined = VectorJoin.of(batches, allocator, NOWHERE)) {
                assertThat(RandomVectors.values(joined))
                        .as("%d batches", number)
                        .isEqualTo(Joins.values(batches));
                assertThat(joined.getField()).isEqualTo(batches.get(0).getField());
                int nulls = batches.stream().mapToInt(FieldVector::getNullCount).sum();
                if (!Joins.isWithoutBitmap(joined)) {
                    assertThat(joined.getNullCount()).isEqualTo(nulls);
                }
                validate(joined);
            } finally {
                close(batches);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("nestings")
    void holdsPartsOfVectors(Field field, BufferAllocator allocator) throws Exception {
        try (FieldVector vector = new RandomVectors(allocator, 5, field.isNullable()).vector(field, 60)) {
            List<Object> values = RandomVectors.values(vector);
            List<Object> expected = new ArrayList<>(values.subList(13, 41));
            expected.addAll(values.subList(3, 11));
            expected.addAll(values.subList(59, 60));
            try (FieldVector joined = new VectorJoin(field)
                    .add(vector, 13, 28)
                    .add(vector, 7, 0)
                    .add(vector, 3, 8)
                    .add(vector, 59, 1)
                    .join(allocator, NOWHERE)) {
                assertThat(RandomVectors.values(joined)).isEqualTo(expected);
                validate(joined);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void leavesNothingWhenMemoryIsRefused(Field field, BufferAllocator source) throws Exception {
        List<FieldVector> batches = Joins.batches(field, 7, source);
        AllocationFaults.refuseEach(
                allocator -> VectorJoin.of(batches, allocator, NOWHERE).close());
        close(batches);
    }

    @ParameterizedTest
    @MethodSource("types")
    void ofNoBatchHasNoRows(Field field, BufferAllocator allocator) throws Exception {
        try (FieldVector joined = new VectorJoin(field).join(allocator, NOWHERE);
                FieldVector empty = field.createVector(allocator)) {
            assertThat(joined.getValueCount()).isZero();
            assertThat(joined.getField()).isEqualTo(empty.getField());
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void copiesWhatIsMapped(Field field, BufferAllocator allocator) throws Exception {
        if (field.getDictionary() != null) {
            return;
        }
        Path file = directory.resolve("column.npz");
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(Slices.random(field, allocator)))) {
            Frames.write(root, file, WriteOptions.defaults().withLayout(ColumnLayout.ARROW));
        }
        try (Frame frame = Frames.open(allocator, file)) {
            FieldVector mapped = frame.root().getVector(0);
            try (FieldVector joined = VectorJoin.of(List.of(mapped, mapped), allocator, NOWHERE)) {
                assertThat(VectorSlices.isMapped(joined)).isFalse();
                assertThat(RandomVectors.values(joined)).isEqualTo(Joins.values(List.of(mapped, mapped)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void joinsSparseUnions(Field type, BufferAllocator allocator) throws Exception {
        MinorType minor;
        try (FieldVector vector = type.createVector(allocator)) {
            minor = vector.getMinorType();
        }
        // What the sparse unions of Arrow Java hold: types that it finds by their kind alone.
        boolean held = type.getChildren().isEmpty()
                && type.getDictionary() == null
                && type.isNullable()
                && switch (minor) {
                    case NULL,
                            DECIMAL,
                            DECIMAL256,
                            FIXEDSIZEBINARY,
                            TIMESTAMPNANOTZ,
                            DURATION,
                            EXTENSIONTYPE,
                            STRUCT,
                            VIEWVARCHAR,
                            VIEWVARBINARY,
                            INTERVALMONTHDAYNANO -> false;
                    default -> true;
                };
        if (!held) {
            return;
        }
        MinorType other = minor == MinorType.FLOAT8 ? MinorType.FLOAT4 : MinorType.FLOAT8;
        Field field = field(
                "union",
                new ArrowType.Union(UnionMode.Sparse, new int[] {minor.ordinal(), other.ordinal()}),
                field(minor.name().toLowerCase(Locale.ROOT), type.getType()),
                field(other.name().toLowerCase(Locale.ROOT), other.getType()));
        for (Field nested :
                List.of(field, field("l", new ArrowType.List(), field), field("s", new ArrowType.Struct(), field))) {
            List<FieldVector> batches = Joins.batches(nested, 7, allocator);
            try (FieldVector joined = VectorJoin.of(batches, allocator, NOWHERE)) {
                assertThat(RandomVectors.values(joined)).isEqualTo(Joins.values(batches));
            } finally {
                close(batches);
            }
        }
    }

    @Test
    void takesEmptyListsWhoseFirstOffsetIsNotZeroOrAbsent(BufferAllocator allocator) throws Exception {
        Field field = field("l", new ArrowType.List(), field("item", INT));
        try (FieldVector offset = field.createVector(allocator);
                FieldVector absent = field.createVector(allocator);
                FieldVector some = new RandomVectors(allocator, 2, true).vector(field, 10);
                ArrowBuf five = allocator.buffer(4);
                ArrowBuf none = allocator.getEmpty()) {
            five.setInt(0, 5);
            five.writerIndex(4);
            offset.loadFieldBuffers(new ArrowFieldNode(0, 0), List.of(none, five));
            absent.loadFieldBuffers(new ArrowFieldNode(0, 0), List.of(none, none));
            try (FieldVector joined = VectorJoin.of(List.of(offset, some, absent, some), allocator, NOWHERE);
                    FieldVector empty = VectorJoin.of(List.of(offset, absent), allocator, NOWHERE)) {
                assertThat(RandomVectors.values(joined)).isEqualTo(Joins.values(List.of(some, some)));
                assertThat(empty.getValueCount()).isZero();
                assertThat(empty.getOffsetBuffer().getInt(0)).isZero();
                validate(joined);
            }
        }
    }

    @Test
    void keepsTheDataOfViewsThatSeveralBatchesShareOnce(BufferAllocator allocator) throws Exception {
        try (ViewVarCharVector views = new ViewVarCharVector("v", allocator)) {
            views.allocateNew();
            for (int i = 0; i < 100; i++) {
                views.setSafe(i, RandomVectors.utf8("a text that is not short, " + i));
            }
            views.setValueCount(100);
            try (FieldVector joined = VectorJoin.of(List.of(views, views, views), allocator, NOWHERE)) {
                assertThat(((ViewVarCharVector) joined).getDataBuffers()).hasSize(1);
                assertThat(RandomVectors.values(joined)).isEqualTo(Joins.values(List.of(views, views, views)));
            }
        }
    }

    @Test
    void canBeWrittenTo(BufferAllocator allocator) throws Exception {
        try (VarCharVector texts = Slices.texts("t", allocator, 20);
                VarCharVector joined = (VarCharVector) VectorJoin.of(List.of(texts, texts), allocator, NOWHERE)) {
            joined.setSafe(40, RandomVectors.utf8("one more"));
            joined.setValueCount(41);
            assertThat(joined.getObject(39)).hasToString("text 19");
            assertThat(joined.getObject(40)).hasToString("one more");
        }
    }

    /** Offsets that reach further than the memory which they are said to lie in. */
    private static FieldVector claiming(BufferAllocator allocator, ArrowBuf offsets, int bytes) {
        VarCharVector vector = new VarCharVector("long texts", allocator);
        offsets.setInt(0, 0);
        offsets.setInt(4, bytes);
        offsets.writerIndex(8);
        vector.loadFieldBuffers(new ArrowFieldNode(1, 0), List.of(VectorSlicerMemory.NONE, offsets, offsets));
        return vector;
    }

    @Test
    void refusesMoreValuesThanTheOffsetsCount(BufferAllocator allocator) throws Exception {
        try (ArrowBuf offsets = allocator.buffer(8);
                FieldVector half = claiming(allocator, offsets, 1 << 30)) {
            assertThatThrownBy(() -> VectorJoin.of(List.of(half, half), allocator, NOWHERE))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT))
                    .hasMessageContaining("'long texts'")
                    .hasMessageContaining("2147483648 values")
                    .hasMessageContaining("large variant");
        }
    }

    @Test
    void refusesRunEndsThatAreTooShort(BufferAllocator allocator) throws Exception {
        try (FieldVector runs = new RandomVectors(allocator, 1, true).vector(Slices.runs(16), 20_000)) {
            assertThatThrownBy(() -> VectorJoin.of(List.of(runs, runs), allocator, NOWHERE))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT))
                    .hasMessageContaining("16-bit");
        }
    }

    @Test
    void refusesMoreElementsThanAVectorHolds(BufferAllocator allocator) throws Exception {
        Field field = field("l", new ArrowType.LargeList(), field("item", new ArrowType.Null()));
        try (FieldVector list = field.createVector(allocator);
                ArrowBuf offsets = allocator.buffer(16)) {
            offsets.setLong(0, 0);
            offsets.setLong(8, 1 << 30);
            offsets.writerIndex(16);
            list.loadFieldBuffers(new ArrowFieldNode(1, 0), List.of(VectorSlicerMemory.NONE, offsets));
            list.getChildrenFromFields().get(0).setValueCount(1 << 30);
            assertThatThrownBy(() -> VectorJoin.of(List.of(list, list), allocator, NOWHERE))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
        }
    }

    @Test
    void refusesOffsetsThatLeadOutOfTheValues(BufferAllocator allocator) {
        try (VarCharVector texts = Slices.texts("t", allocator, 10)) {
            texts.getOffsetBuffer().setInt(4 * 10, 1 << 30);
            assertThatThrownBy(() -> VectorJoin.of(List.of(texts, texts), allocator, NOWHERE))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isIn(ErrorCode.VALUE, ErrorCode.LIMIT));
            assertThatThrownBy(() -> new VectorJoin(field("t", TEXT)).add(texts, 5, 6))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void namesTheLimitWhereTheAllocatorIsFull(BufferAllocator source) throws Exception {
        try (BufferAllocator allocator = new RootAllocator(1 << 14);
                VarCharVector texts = Slices.texts("t", source, 2000)) {
            assertThatThrownBy(() -> VectorJoin.of(List.of(texts, texts), allocator, NOWHERE))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
    }

    @Test
    void allocatesEachBufferOnce(BufferAllocator source) throws Exception {
        try (VarCharVector texts = Slices.texts("t", source, 20_000);
                BufferAllocator allocator = new RootAllocator()) {
            try (FieldVector joined = VectorJoin.of(List.of(texts, texts, texts), allocator, NOWHERE)) {
                assertThat(allocator.getPeakMemoryAllocation()).isEqualTo(allocator.getAllocatedMemory());
                assertThat(Buffers.isMapped(joined.getDataBuffer())).isFalse();
            }
        }
    }
}
