package org.arrownpz.parquet.internal.type;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.support.column.VectorJoin;

/**
 * The places of the elements of each row of a list vector, whatever kind of list it is. Null rows count as empty:
 * Parquet has no elements below them.
 */
public final class ListRows {
    private static final Set<MinorType> KINDS = EnumSet.of(
            MinorType.LIST,
            MinorType.LARGELIST,
            MinorType.FIXED_SIZE_LIST,
            MinorType.LISTVIEW,
            MinorType.LARGELISTVIEW,
            MinorType.MAP);

    private final FieldVector vector;

    private ListRows(FieldVector vector) {
        this.vector = vector;
    }

    /** Whether it is a list of any kind; its elements are its one child. */
    public static boolean isList(FieldVector vector) {
        return KINDS.contains(vector.getMinorType());
    }

    public static ListRows of(FieldVector vector) {
        return new ListRows(vector);
    }

    public int start(int row) {
        if (vector instanceof ListVector list) {
            return list.getElementStartIndex(row);
        }
        if (vector instanceof FixedSizeListVector list) {
            return Math.multiplyExact(row, list.getListSize());
        }
        if (vector instanceof ListViewVector view) {
            return view.getOffsetBuffer().getInt(row * (long) Integer.BYTES);
        }
        if (vector instanceof LargeListViewVector view) {
            return Math.toIntExact(view.getOffsetBuffer().getLong(row * (long) Long.BYTES));
        }
        return Math.toIntExact(((LargeListVector) vector).getElementStartIndex(row));
    }

    public int length(int row) {
        if (vector.isNull(row)) {
            return 0;
        }
        if (vector instanceof FixedSizeListVector list) {
            return list.getListSize();
        }
        if (vector instanceof ListViewVector view) {
            return view.getSizeBuffer().getInt(row * (long) Integer.BYTES);
        }
        if (vector instanceof LargeListViewVector view) {
            return Math.toIntExact(view.getSizeBuffer().getLong(row * (long) Long.BYTES));
        }
        return end(row) - start(row);
    }

    /** Whether the rows follow each other without elements in between, so that offsets alone describe them. */
    boolean isDense() {
        if (vector.getNullCount() == 0
                && !(vector instanceof ListViewVector || vector instanceof LargeListViewVector)) {
            return true;
        }
        int next = vector.getValueCount() == 0 ? 0 : start(0);
        for (int row = 0; row < vector.getValueCount(); row++) {
            int length = length(row);
            // Empty rows may point anywhere; the offsets that are made for views skip them.
            boolean empty = length == 0 && !hasOffsets();
            if (!empty && start(row) != next) {
                return false;
            }
            next += length;
        }
        int last = vector.getValueCount() - 1;
        return !hasOffsets() || last < 0 || next == end(last);
    }

    private boolean hasOffsets() {
        return vector instanceof ListVector || vector instanceof LargeListVector;
    }

    private int end(int row) {
        return vector instanceof ListVector list
                ? list.getElementEndIndex(row)
                : Math.toIntExact(((LargeListVector) vector).getElementEndIndex(row));
    }

    /** Offsets of dense rows. The caller closes them. */
    ArrowBuf offsets(BufferAllocator allocator) {
        int count = vector.getValueCount();
        long bytes = (count + 1L) * Integer.BYTES;
        ArrowBuf offsets = allocator.buffer(bytes);
        int next = firstElement(count);
        offsets.setInt(0, next);
        for (int row = 0; row < count; row++) {
            next = Math.addExact(next, length(row));
            offsets.setInt((row + 1L) * Integer.BYTES, next);
        }
        return offsets.writerIndex(bytes);
    }

    private int firstElement(int count) {
        for (int row = 0; row < count; row++) {
            if (length(row) > 0) {
                return start(row);
            }
        }
        return 0;
    }

    /**
     * A list of the given elements of the rows, copied run by run. The caller closes it; the elements stay.
     *
     * @param field of the result: a list, large list or map
     */
    FieldVector gathered(FieldVector elements, Field field, Location location) throws NpzException {
        int count = vector.getValueCount();
        BufferAllocator allocator = vector.getAllocator();
        int width = field.getType() instanceof ArrowType.LargeList ? Long.BYTES : Integer.BYTES;
        long bytes = (count + 1L) * width;
        try (ArrowBuf offsets = allocator.buffer(bytes)) {
            VectorJoin runs = new VectorJoin(elements.getField());
            offsets.setZero(0, bytes);
            int total = 0;
            int runStart = 0;
            int runLength = 0;
            for (int row = 0; row < count; row++) {
                int length = length(row);
                if (length > 0 && start(row) != runStart + runLength) {
                    runs.add(elements, runStart, runLength);
                    runStart = start(row);
                    runLength = 0;
                }
                runLength += length;
                total = Math.addExact(total, length);
                // Little-endian: the upper half of a long stays zero.
                offsets.setInt((row + 1L) * width, total);
            }
            runs.add(elements, runStart, runLength);
            List<ArrowBuf> buffers = List.of(Rebuild.validity(vector), offsets.writerIndex(bytes));
            try (FieldVector kept = runs.join(allocator, location)) {
                return Rebuild.nested(field, allocator, Rebuild.node(vector), buffers, kept);
            }
        }
    }
}
