package org.arrownpz.frame.internal.data;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.vector.internal.gather.Rows;
import org.jspecify.annotations.Nullable;

/** Neighbouring rows of other data, on which it has a hold. Reads none but these, and none before they are asked for. */
public final class SlicedData extends DerivedData {
    private final BufferAllocator allocator;
    private final long wholeRows;
    private final long from;
    private final long count;
    private @Nullable List<FieldVector> made;

    /** Takes over the hold on the data. */
    public SlicedData(FrameData whole, BufferAllocator allocator, long wholeRows, long from, long count) {
        this(whole, allocator, wholeRows, from, count, new Lifetime(List.of(whole)));
    }

    private SlicedData(
            FrameData whole, BufferAllocator allocator, long wholeRows, long from, long count, Lifetime lifetime) {
        super(whole, lifetime);
        this.allocator = allocator;
        this.wholeRows = wholeRows;
        this.from = from;
        this.count = count;
    }

    @Override
    public synchronized List<FieldVector> vectors() throws NpzException {
        lifetime().requireOpen();
        List<FieldVector> vectors = made;
        if (vectors == null) {
            if (count > Integer.MAX_VALUE - 8) {
                throw new IllegalStateException(count + " rows are more than one root holds. Read them in batches with"
                        + " Frame.reader(batchRows)");
            }
            vectors = whole.rows(Rows.range(from, (int) count), allocator);
            vectors.forEach(lifetime()::own);
            made = vectors;
        }
        return vectors;
    }

    @Override
    public List<FieldVector> rows(Rows rows, BufferAllocator target) throws NpzException {
        rows.check(count);
        return whole.rows(rows.shifted(from), target);
    }

    @Override
    public int batchRows(long rows) {
        return (int) Math.min(rows, whole.batchRows(wholeRows));
    }

    @Override
    public FrameData select(int[] columns, BufferAllocator target) {
        return new SlicedData(whole.select(columns, target), target, wholeRows, from, count);
    }

    @Override
    public FrameData share() {
        return new SlicedData(
                whole, allocator, wholeRows, from, count, lifetime().share());
    }
}
