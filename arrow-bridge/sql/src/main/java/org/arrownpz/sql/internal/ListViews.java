package org.arrownpz.sql.internal;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.support.SafeMemory;
import org.arrownpz.support.column.VectorJoin;
import org.arrownpz.support.column.VectorRows;

/**
 * List views as lists. DuckDB reads no more elements than the lists' lengths add up to, so that texts beyond come out
 * empty where views leave elements out or share them.
 */
final class ListViews {
    private final FieldVector view;
    private final boolean large;
    private final ArrowBuf starts;
    private final ArrowBuf sizes;

    private ListViews(FieldVector view) {
        this.view = view;
        this.large = view instanceof LargeListViewVector;
        this.starts = view.getOffsetBuffer();
        this.sizes = large ? ((LargeListViewVector) view).getSizeBuffer() : ((ListViewVector) view).getSizeBuffer();
    }

    static boolean isView(ArrowType type) {
        return type instanceof ArrowType.ListView || type instanceof ArrowType.LargeListView;
    }

    /**
     * Loads a list with the rows of a view. Elements are copied where the view has them in another order.
     *
     * @param list of the view's elements, which are loaded already
     */
    static void load(FieldVector view, FieldVector list, Location location) throws NpzException {
        ListViews rows = new ListViews(view);
        int count = view.getValueCount();
        long bytes = (count + 1L) * Integer.BYTES;
        try (ArrowBuf offsets = SafeMemory.allocate(view.getAllocator(), bytes, location, "the offsets of lists")) {
            if (!rows.count(offsets, location)) {
                rows.gather(list.getChildrenFromFields().get(0), location);
            }
            ArrowBuf validity = view.getFieldBuffers().get(0);
            list.loadFieldBuffers(
                    new ArrowFieldNode(count, view.getNullCount()), List.of(validity, offsets.writerIndex(bytes)));
        }
    }

    // What null rows point at does not matter.
    private int length(int row) {
        if (view.isNull(row)) {
            return 0;
        }
        return large
                ? Math.toIntExact(sizes.getLong(row * (long) Long.BYTES))
                : sizes.getInt(row * (long) Integer.BYTES);
    }

    private int start(int row) {
        return large
                ? Math.toIntExact(starts.getLong(row * (long) Long.BYTES))
                : starts.getInt(row * (long) Integer.BYTES);
    }

    /** Adds up the lengths from 0; false where the elements are not in that order. */
    private boolean count(ArrowBuf offsets, Location location) throws NpzException {
        boolean inOrder = true;
        long next = 0;
        offsets.setInt(0, 0);
        for (int row = 0; row < view.getValueCount(); row++) {
            int length = length(row);
            inOrder &= length == 0 || start(row) == next;
            next += length;
            if (next > Integer.MAX_VALUE) {
                throw location.error(
                                ErrorCode.LIMIT,
                                "column " + SafeText.quote(view.getName()) + " has more elements than one batch holds")
                        .remedy("Write smaller batches")
                        .build();
            }
            offsets.setInt((row + 1L) * Integer.BYTES, (int) next);
        }
        return inOrder;
    }

    /** Brings elements into the order of the rows, run by run. */
    private void gather(FieldVector elements, Location location) throws NpzException {
        VectorJoin runs = new VectorJoin(elements.getField());
        int first = 0;
        int length = 0;
        for (int row = 0; row < view.getValueCount(); row++) {
            int more = length(row);
            if (more > 0 && start(row) != first + length) {
                runs.add(elements, first, length);
                first = start(row);
                length = 0;
            }
            length += more;
        }
        runs.add(elements, first, length);
        try (FieldVector gathered = runs.join(view.getAllocator(), location)) {
            elements.clear();
            VectorRows.load(gathered, elements);
        }
    }
}
