package org.arrownpz.vector.internal.buffers;

import static org.arrownpz.testing.RandomVectors.field;
import static org.arrownpz.vector.internal.buffers.Slices.INT;
import static org.arrownpz.vector.internal.buffers.Slices.NOWHERE;
import static org.arrownpz.vector.internal.buffers.Slices.SLICINGS;
import static org.arrownpz.vector.internal.buffers.Slices.close;
import static org.arrownpz.vector.internal.buffers.Slices.dense;
import static org.arrownpz.vector.internal.buffers.Slices.random;
import static org.arrownpz.vector.internal.buffers.Slices.runs;
import static org.arrownpz.vector.internal.buffers.Slices.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.internal.buffers.Slices.Slicing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which buffers slices share, narrow and gather, and which rows and offsets they refuse. */
@ExtendWith(LeakCheck.class)
class SliceBuffersTest {
    @Test
    void shareValuesAndAlignedBitmaps(BufferAllocator allocator) throws Exception {
        try (VarCharVector vector = texts("t", allocator, 64)) {
            List<FieldVector> shared = VectorSlices.share(List.of(vector), allocator, 8, 32, NOWHERE);
            FieldVector slice = shared.get(0);
            assertThat(slice.getValidityBuffer().memoryAddress())
                    .isEqualTo(vector.getValidityBuffer().memoryAddress() + 1);
            assertThat(slice.getDataBuffer().memoryAddress())
                    .isEqualTo(vector.getDataBuffer().memoryAddress() + vector.getStartOffset(8));
            assertThat(slice.getDataBuffer().capacity())
                    .isEqualTo(vector.getStartOffset(40) - vector.getStartOffset(8));
            assertThat(slice.getOffsetBuffer().getInt(0)).isZero();
            close(shared);
        }
    }

    @Test
    void holdOnlyTheChildrenThatTheirRowsUse(BufferAllocator allocator) throws Exception {
        Field field = dense("d");
        try (FieldVector vector = random(field, allocator)) {
            List<FieldVector> shared = VectorSlices.share(List.of(vector), allocator, 40, 10, NOWHERE);
            DenseUnionVector union = (DenseUnionVector) shared.get(0);
            int children = union.getChildrenFromFields().stream()
                    .mapToInt(FieldVector::getValueCount)
                    .sum();
            assertThat(children).isEqualTo(10);
            close(shared);
        }
        try (FieldVector vector = random(field("l", new ArrowType.List(), field("item", INT)), allocator)) {
            List<FieldVector> shared = VectorSlices.share(List.of(vector), allocator, 40, 10, NOWHERE);
            ListVector list = (ListVector) shared.get(0);
            assertThat(list.getDataVector().getValueCount()).isEqualTo(list.getElementEndIndex(9));
            close(shared);
        }
    }

    private static ViewVarCharVector views(BufferAllocator allocator, int rows) {
        ViewVarCharVector views = new ViewVarCharVector("v", allocator);
        views.allocateNew();
        for (int i = 0; i < rows; i++) {
            views.setSafe(i, ("a text that is not short, " + i).getBytes(StandardCharsets.US_ASCII));
        }
        views.setValueCount(rows);
        return views;
    }

    @Test
    void narrowTheDataOfViewsToWhatTheirRowsUse(BufferAllocator allocator) throws Exception {
        try (ViewVarCharVector vector = views(allocator, 1000)) {
            List<FieldVector> shared = VectorSlices.share(List.of(vector), allocator, 500, 10, NOWHERE);
            ViewVarCharVector slice = (ViewVarCharVector) shared.get(0);
            List<Object> values = RandomVectors.values(slice);
            assertThat(values.get(0)).isEqualTo("a text that is not short, 500");
            assertThat(values.get(9)).isEqualTo("a text that is not short, 509");
            assertThat(slice.getDataBuffers()).hasSize(1);
            ArrowBuf data = slice.getDataBuffers().get(0);
            assertThat(data.capacity()).isEqualTo(290);
            ArrowBuf all = vector.getDataBuffers().get(0);
            assertThat(data.memoryAddress() - all.memoryAddress()).isBetween(0L, all.capacity());
            close(shared);
        }
    }

    @Test
    void gatherTheValuesOfViewsThatLieFarApart(BufferAllocator allocator) throws Exception {
        try (ViewVarCharVector vector = views(allocator, 1000)) {
            // Row 1 views what row 999 does.
            vector.getDataBuffer().setBytes(16, vector.getDataBuffer(), 999 * 16L, 16);
            for (Slicing slicing : SLICINGS) {
                List<FieldVector> rows = slicing.of(List.of(vector), allocator, 0, 2);
                ViewVarCharVector slice = (ViewVarCharVector) rows.get(0);
                assertThat(RandomVectors.values(slice))
                        .containsExactly("a text that is not short, 0", "a text that is not short, 999");
                assertThat(slice.getDataBuffers())
                        .singleElement()
                        .extracting(ArrowBuf::capacity)
                        .isEqualTo(27L + 29);
                close(rows);
            }
        }
    }

    @Test
    void copiesCanBeWrittenTo(BufferAllocator allocator) throws Exception {
        try (VarCharVector vector = texts("t", allocator, 20)) {
            List<FieldVector> copy = VectorSlices.copy(List.of(vector), allocator, 4, 8, NOWHERE);
            VarCharVector texts = (VarCharVector) copy.get(0);
            texts.setSafe(8, "one more".getBytes(StandardCharsets.US_ASCII));
            texts.setValueCount(9);
            assertThat(texts.getObject(8)).hasToString("one more");
            assertThat(texts.getObject(7)).hasToString("text 11");
            close(copy);
            List<FieldVector> none = VectorSlices.copy(List.of(vector), allocator, 4, 0, NOWHERE);
            ((VarCharVector) none.get(0)).setSafe(0, new byte[] {'x'});
            none.get(0).setValueCount(1);
            assertThat(none.get(0).getObject(0)).hasToString("x");
            close(none);
        }
    }

    @Test
    void refuseRowsThatAVectorDoesNotHave(BufferAllocator allocator) {
        try (IntVector vector = new IntVector("i", allocator)) {
            vector.allocateNew(10);
            vector.setValueCount(10);
            for (Slicing slicing : SLICINGS) {
                assertThatThrownBy(() -> slicing.of(List.of(vector), allocator, 5, 6))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> slicing.of(List.of(vector), allocator, -1, 2))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    void refuseOffsetsThatLeadOutOfTheValues(BufferAllocator allocator) {
        try (VarCharVector text = texts("t", allocator, 10);
                ViewVarCharVector views = views(allocator, 10);
                FieldVector dense = random(dense("d"), allocator);
                FieldVector runs = random(runs(32), allocator);
                FieldVector listViews = new RandomVectors(allocator, 1, false)
                        .vector(field("l", new ArrowType.ListView(), field("i", INT)), 10)) {
            text.getOffsetBuffer().setInt(4 * 5, 1 << 30);
            views.getDataBuffer().setInt(16 * 4 + 12, 1 << 30);
            ((DenseUnionVector) dense).getOffsetBuffer().setInt(4 * 4, 1 << 30);
            runs.getChildrenFromFields().get(0).setValueCount(1);
            for (int i = 0; i < 10; i++) {
                listViews.getFieldBuffers().get(1).setInt(4L * i, -1);
            }
            for (Slicing slicing : SLICINGS) {
                for (FieldVector vector : List.of(text, views, dense, runs, listViews)) {
                    assertThatThrownBy(() -> slicing.of(List.of(vector), allocator, 0, 5))
                            .as("%s", vector.getField())
                            .isInstanceOf(IndexOutOfBoundsException.class);
                }
            }
            views.getDataBuffer().setInt(16 * 2, -1);
            assertThatThrownBy(() -> VectorSlices.share(List.of(views), allocator, 0, 3, NOWHERE))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void areLimitErrorsWhereTheAllocatorIsFull() throws Exception {
        try (BufferAllocator allocator = new RootAllocator(1 << 16);
                VarCharVector text = texts("t", allocator, 2000)) {
            assertThatThrownBy(() -> VectorSlices.copy(List.of(text, text, text), allocator, 0, 2000, NOWHERE))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
        }
    }
}
