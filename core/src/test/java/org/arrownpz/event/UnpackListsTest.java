package org.arrownpz.event;

import static org.arrownpz.event.Tables.column;
import static org.arrownpz.event.Tables.doubles;
import static org.arrownpz.event.Tables.longs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.event.spec.UnpackSpec.EmptyLists;
import org.arrownpz.event.spec.UnpackSpec.KeyEncoding;
import org.arrownpz.frame.Frame;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Lists that are exploded: empty, null, unequal, of a fixed size, of structs, and those that are not. */
@ExtendWith(LeakCheck.class)
class UnpackListsTest {
    private static final FieldType LONG = FieldType.nullable(new ArrowType.Int(64, true));

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
            vectors.add(list(allocator, "l" + column, sizes[column]));
        }
        return new VectorSchemaRoot(vectors);
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
}
