package org.arrownpz.event.internal.unpack;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.NpzException;
import org.arrownpz.event.internal.kernel.KeyLists;
import org.arrownpz.event.spec.UnpackSpec.EmptyLists;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.vector.internal.gather.Scope;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.EncodeOffsets;
import org.arrownpz.vector.internal.kernel.Memory;
import org.jspecify.annotations.Nullable;

/**
 * A column to explode: lists over a child, or scalars, which count as lists of one.
 *
 * @param child the elements
 * @param offsets where lists begin in the child, or null for scalars
 * @param width bytes of an offset
 * @param validity the lists' bitmap, or null where no list is null
 * @param lengths 32-bit counts of the rows that each row becomes, in memory of the scope
 * @param structs the bitmap of structs that the elements are fields of, or null where none is null
 * @param reason why elements must be copied, or null
 */
record Exploding(
        FieldVector child,
        @Nullable ArrowBuf offsets,
        int width,
        @Nullable ArrowBuf validity,
        ArrowBuf lengths,
        @Nullable ArrowBuf structs,
        @Nullable String reason) {

    private static final String WHAT = "exploded rows";
    private static final String EXTENSION = "ARROW:extension:name";

    /** @param like another column, whose counts serve again where both share their offsets; or null */
    static Exploding of(FieldVector column, int rows, EmptyLists empty, @Nullable Exploding like, Scope scope)
            throws NpzException {
        FieldVector vector = Storage.of(column);
        ArrowType type = vector.getField().getType();
        FieldVector child = column;
        ArrowBuf offsets = null;
        int width = 4;
        if (type instanceof ArrowType.List || type instanceof ArrowType.LargeList) {
            child = vector.getChildrenFromFields().get(0);
            width = type instanceof ArrowType.List ? 4 : EncodeOffsets.WIDE;
            offsets = rows == 0 ? scope.longs(1, WHAT).setZero(0, 8) : vector.getOffsetBuffer();
        } else if (type instanceof ArrowType.FixedSizeList list
                && !column.getField().getMetadata().containsKey(EXTENSION)) {
            child = vector.getChildrenFromFields().get(0);
            offsets = scope.ints(rows + 1L, WHAT);
            KeyLists.multiples(list.getListSize(), rows + 1, offsets);
        }
        ArrowBuf bits = rows == 0 || offsets == null ? null : vector.getValidityBuffer();
        ArrowBuf starts = offsets;
        int bytes = width;
        long limit = child.getValueCount();
        boolean full = Scope.guarded(() -> bits == null || EncodeBits.allOnes(bits, rows));
        if (like != null && full && like.hasOffsets(offsets, width, limit)) {
            return new Exploding(child, offsets, width, null, like.lengths, null, like.reason);
        }
        ArrowBuf lengths = scope.ints(rows, WHAT);
        KeyLists.Lists lists =
                Scope.guarded(() -> KeyLists.lengths(starts, bytes, full ? null : bits, limit, rows, lengths));
        int raised = empty == EmptyLists.NULL_ROW ? KeyLists.atLeastOne(lengths, rows) : 0;
        String reason = null;
        if (starts != null) {
            if (raised > 0) {
                reason = "a row for each empty or null list";
            } else if (!lists.allPlain()) {
                reason = "a null list has elements";
            } else if (EncodeOffsets.get(starts, 0, width) != 0) {
                reason = "the first list begins behind the first element";
            }
        }
        return new Exploding(child, offsets, width, full ? null : bits, lengths, null, reason);
    }

    /** Whether these are this column's offsets, over as many elements and without null lists. */
    private boolean hasOffsets(@Nullable ArrowBuf others, int otherWidth, long elements) {
        return offsets != null
                && others != null
                && width == otherWidth
                && validity == null
                && child.getValueCount() == elements
                && Memory.isShared(offsets, others);
    }

    boolean isScalar() {
        return offsets == null;
    }

    /** For elements that are structs: their fields, null where the struct is. */
    Exploding belowNullStructs() throws NpzException {
        int count = child.getValueCount();
        ArrowBuf bits = count == 0 ? null : child.getValidityBuffer();
        if (Scope.guarded(() -> bits == null || EncodeBits.allOnes(bits, count))) {
            return this;
        }
        String why = reason == null ? "some structs are null" : reason;
        return new Exploding(child, offsets, width, validity, lengths, bits, why);
    }

    /** The child's row of each exploded row; −1 where there is none. */
    ArrowBuf rows(int count, int elements, Scope scope) throws NpzException {
        ArrowBuf target = scope.ints(elements, WHAT);
        Scope.guard(() -> {
            KeyLists.childRows(offsets, width, validity, lengths, count, target);
            if (structs != null) {
                KeyLists.mask(target, elements, structs);
            }
        });
        return target;
    }

    /** The offsets as run ends, which the caller releases; null where they are none. */
    @Nullable
    ArrowBuf runEnds(int rows) {
        ArrowBuf starts = offsets;
        if (starts == null || reason != null || width != 4 || rows == 0 || KeyLists.zeros(lengths, rows) > 0) {
            return null;
        }
        return Buffers.slice(starts, 4, 4L * rows);
    }
}
