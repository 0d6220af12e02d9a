package org.arrownpz.support.column;

import static org.arrownpz.testing.RandomVectors.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.internal.encode.EncodeSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Batches that cannot be one column, and stored buffers that no column can be of. */
@ExtendWith(LeakCheck.class)
class ArrowColumnRefusalsTest {
    private static final Location HERE = new Location("test.npz", "__meta__.json");
    private static final ArrowType INT = new ArrowType.Int(32, true);
    private static final ArrowType TEXT = new ArrowType.Utf8();

    @Test
    void refusesBatchesThatExceedTheRunEndsTogether(BufferAllocator allocator) {
        Field field = AllTypes.named("run ends 16");
        try (FieldVector vector = new RandomVectors(allocator, 9, false).vector(field, 20_000)) {
            assertThatThrownBy(() -> ArrowColumn.decompose(List.of(vector, vector)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("16-bit");
        }
    }

    @Test
    void refusesToStoreRunEndsThatAreNull(BufferAllocator allocator) {
        Field field = AllTypes.named("run ends 64");
        try (FieldVector vector = new RandomVectors(allocator, 9, false).vector(field, 20)) {
            vector.getChildrenFromFields().get(0).setNull(0);
            assertThatThrownBy(() -> ArrowColumn.decompose(List.of(vector)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("never null");
        }
    }

    @Test
    void refusesOffsetsThatFall(BufferAllocator allocator) throws NpzException {
        assertRefused(allocator, field("t", TEXT), 1, bytes -> bytes[4] = 100, "bad offset at index 2");
    }

    @Test
    void refusesOffsetsBehindTheData(BufferAllocator allocator) throws NpzException {
        assertRefused(allocator, field("t", TEXT), 1, bytes -> bytes[bytes.length - 2] = 9, "bad offset");
    }

    @Test
    void refusesOffsetsBehindTheChild(BufferAllocator allocator) throws NpzException {
        Field field = field("l", new ArrowType.List(), field("item", INT));
        assertRefused(allocator, field, 1, bytes -> bytes[bytes.length - 2] = 9, "bad offset");
    }

    @Test
    void refusesListViewsOutsideTheChild(BufferAllocator allocator) throws NpzException {
        Field field = field("l", new ArrowType.ListView(), field("item", INT));
        assertRefused(allocator, field, 2, bytes -> bytes[3] = 0x7f, "bad list view at index 0");
    }

    @Test
    void refusesViewsOutsideTheirBuffers(BufferAllocator allocator) throws NpzException {
        assertRefused(
                allocator,
                field("v", new ArrowType.Utf8View()),
                1,
                bytes -> {
                    bytes[0] = 100;
                    bytes[8] = 9;
                },
                "bad view at index 0");
    }

    @Test
    void refusesUnknownTypeIds(BufferAllocator allocator) throws NpzException {
        Field field = AllTypes.named("dense union");
        assertRefused(allocator, field, 0, bytes -> bytes[2] = 4, "bad type id or offset at index 2");
        assertRefused(allocator, field, 0, bytes -> bytes[2] = -1, "bad type id or offset at index 2");
        assertRefused(allocator, field, 1, bytes -> bytes[3] = -1, "bad type id or offset at index 0");
    }

    @Test
    void refusesRunEndsThatDoNotRise(BufferAllocator allocator) throws NpzException {
        Field field = AllTypes.named("run ends 64");
        assertRefused(allocator, field, 1, bytes -> bytes[8] = 0, "bad run end at index 1");
    }

    @Test
    void refusesBuffersOfAnotherLengthTypeOrNumber(BufferAllocator allocator) throws NpzException {
        Field field = field("i", INT);
        try (FieldVector vector = new RandomVectors(allocator, 1, true).vector(field, 20);
                AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            ArrowColumn.Stored stored = ArrowColumn.decompose(List.of(vector));
            List<NumpyArray> arrays = EncodeSink.arrays(allocator, stored);
            ArrowColumn.Node node = stored.nodes().get(0);
            long nulls = node.nullCount();
            List<ArrowColumn.Node> longer = List.of(new ArrowColumn.Node(21, nulls, 0));
            List<ArrowColumn.Node> other = List.of(new ArrowColumn.Node(20, nulls + 1, 0));
            List<ArrowColumn.Node> none = List.of(new ArrowColumn.Node(20, 0, 0));
            List<ArrowColumn.Node> negative = List.of(new ArrowColumn.Node(-1, 0, 0));
            List<ArrowColumn.Node> huge = List.of(new ArrowColumn.Node(1L << 40, 0, 0));
            for (List<ArrowColumn.Node> wrong : List.of(longer, other, none, negative, List.<ArrowColumn.Node>of())) {
                assertThatThrownBy(() -> ArrowColumn.compose(field, wrong, arrays, allocator, ones, HERE))
                        .isInstanceOfSatisfying(
                                NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA));
            }
            assertThatThrownBy(() -> ArrowColumn.compose(field, huge, arrays, allocator, ones, HERE))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
            assertThatThrownBy(() ->
                            ArrowColumn.compose(field, stored.nodes(), List.of(arrays.get(0)), allocator, ones, HERE))
                    .hasMessageContaining("lacks buffer");
            Field floats = field("i", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE));
            assertThatThrownBy(() -> ArrowColumn.compose(floats, stored.nodes(), arrays, allocator, ones, HERE))
                    .hasMessageContaining("expected <f4 in one dimension but found <i4");
            EncodeSink.close(arrays);
        }
    }

    @Test
    void takesStructsWithTwoChildrenOfOneName(BufferAllocator allocator) throws NpzException {
        // A4
        Field field = SchemaMember.memoryField(field("s", new ArrowType.Struct(), field("a", INT), field("a", INT)));
        try (FieldVector vector = new RandomVectors(allocator, 11, false).vector(field, 20);
                AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            ArrowColumn.Stored stored = ArrowColumn.decompose(List.of(vector));
            List<NumpyArray> arrays = EncodeSink.arrays(allocator, stored);
            try (FieldVector read = ArrowColumn.compose(field, stored.nodes(), arrays, allocator, ones, HERE)) {
                assertThat(read.getField()).isEqualTo(field);
            }
            EncodeSink.close(arrays);
        }
    }

    interface Damage {
        void to(byte[] bytes);
    }

    private static void assertRefused(BufferAllocator allocator, Field field, int buffer, Damage damage, String message)
            throws NpzException {
        try (FieldVector vector = new RandomVectors(allocator, 11, false).vector(field, 20);
                AllValidBitmaps ones = new AllValidBitmaps(allocator)) {
            ArrowColumn.Stored stored = ArrowColumn.decompose(List.of(vector));
            List<NumpyArray> arrays = EncodeSink.arrays(allocator, stored);
            byte[] bytes = EncodeSink.bytes(stored.buffers().get(buffer));
            damage.to(bytes);
            NumpyArray damaged = EncodeSink.array(allocator, stored.buffers().get(buffer), bytes);
            List<NumpyArray> changed = new ArrayList<>(arrays);
            changed.set(buffer, damaged);
            assertThatThrownBy(() ->
                            ArrowColumn.compose(vector.getField(), stored.nodes(), changed, allocator, ones, HERE))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.META_SCHEMA))
                    .hasMessageContaining(message);
            EncodeSink.close(arrays);
            damaged.data().close();
        }
    }
}
