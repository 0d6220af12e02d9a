package org.arrownpz.event.internal;

import static org.arrownpz.event.Tables.column;
import static org.arrownpz.event.Tables.doubles;
import static org.arrownpz.event.Tables.list;
import static org.arrownpz.event.Tables.longs;
import static org.arrownpz.event.Tables.seconds;
import static org.arrownpz.event.Tables.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.extension.OpaqueType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.Tables;
import org.arrownpz.event.Unpacked;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.PackSpec.NullKeys;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Columns that stand once for each group: keys of all kinds, and carried ones. */
@ExtendWith(LeakCheck.class)
class GroupColumnsTest {
    private static final PackSpec SPEC = PackSpec.by("k").packRest();

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
    void extensionTypesPackByTheirStorage(BufferAllocator allocator) throws Exception {
        Field field = new Field(
                "k", FieldType.nullable(new OpaqueType(new ArrowType.FixedSizeBinary(16), "uuid", "test")), null);
        FieldVector keys = field.createVector(allocator);
        FixedSizeBinaryVector bytes = (FixedSizeBinaryVector) Storage.of(keys);
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
            assertThat(((FixedSizeBinaryVector) Storage.of(back.root().getVector("k"))).get(2)[15])
                    .isEqualTo((byte) 1);
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
}
