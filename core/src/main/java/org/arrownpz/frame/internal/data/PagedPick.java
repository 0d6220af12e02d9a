package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.vector.internal.gather.Picking;
import org.arrownpz.vector.internal.join.VectorJoin;

/** Rows of data that are more than vectors hold, picked by their numbers. */
final class PagedPick {
    /** The most rows that are read together: what has to be converted is converted for all of them. */
    private static final long PAGE_ROWS = 1 << 12;

    private PagedPick() {}

    /** {@link FrameData#pick}: rows near to each other are read together, in ascending order, and reordered at the end. */
    static List<FieldVector> pick(FrameData data, long[] numbers, int from, int count, BufferAllocator allocator)
            throws NpzException {
        if (count == 0) {
            return data.rows(0, 0);
        }
        long[] sorted = Arrays.copyOfRange(numbers, from, from + count);
        Arrays.sort(sorted);
        List<FieldVector> pieces = new ArrayList<>();
        List<FieldVector> joined = new ArrayList<>();
        try {
            List<VectorJoin> joins = new ArrayList<>();
            for (Field field : data.fields()) {
                joins.add(new VectorJoin(field));
            }
            for (int next = 0; next < count; ) {
                int first = next;
                while (next < count && sorted[next] - sorted[first] < PAGE_ROWS) {
                    next++;
                }
                List<FieldVector> piece = page(data, sorted, first, next, allocator);
                pieces.addAll(piece);
                for (int i = 0; i < piece.size(); i++) {
                    joins.get(i).add(piece.get(i));
                }
            }
            for (VectorJoin join : joins) {
                joined.add(join.join(allocator, data.location()));
            }
            long[] places = new long[count];
            for (int i = 0; i < count; i++) {
                places[i] = Arrays.binarySearch(sorted, numbers[from + i]);
            }
            return Picking.pick(joined, places, 0, count, 0, allocator, data.location());
        } finally {
            pieces.forEach(FieldVector::close);
            joined.forEach(FieldVector::close);
        }
    }

    private static List<FieldVector> page(FrameData data, long[] sorted, int first, int end, BufferAllocator allocator)
            throws NpzException {
        long base = sorted[first];
        List<FieldVector> page = data.rows(base, (int) (sorted[end - 1] - base) + 1);
        try {
            return data.guarded(() -> Picking.pick(page, sorted, first, end - first, base, allocator, data.location()));
        } finally {
            page.forEach(FieldVector::close);
        }
    }
}
