package org.arrownpz.frame.internal.data;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.gather.Rows;

/** Neighbouring rows of other data, on which it has a hold. Reads none but these, and none before they are asked for. */
final class SlicedData implements FrameData {
    private final FrameData whole;
    private final AutoCloseable hold;
    private final BufferAllocator allocator;
    private final long wholeRows;
    private final long from;
    private final long count;
    private final CopyReport report;
    private List<FieldVector> made = List.of();

    /** Takes over the hold on the data. */
    SlicedData(FrameData whole, AutoCloseable hold, BufferAllocator allocator, long wholeRows, long from, long count) {
        this.whole = whole;
        this.hold = hold;
        this.allocator = allocator;
        this.wholeRows = wholeRows;
        this.from = from;
        this.count = count;
        this.report = whole.report();
    }

    @Override
    public List<String> names() {
        return whole.names();
    }

    @Override
    public List<Field> fields() throws NpzException {
        return whole.fields();
    }

    @Override
    public Field field(int column) throws NpzException {
        return whole.field(column);
    }

    @Override
    public boolean hasNulls(int column) throws NpzException {
        return whole.hasNulls(column);
    }

    @Override
    public DictionaryProvider dictionaries() throws NpzException {
        return whole.dictionaries();
    }

    @Override
    public synchronized List<FieldVector> vectors() throws NpzException {
        if (made.isEmpty()) {
            if (count > Integer.MAX_VALUE - 8) {
                throw new IllegalStateException(count + " rows are more than one root holds. Read them in batches with"
                        + " Frame.reader(batchRows)");
            }
            made = whole.rows(Rows.range(from, (int) count), allocator);
        }
        return made;
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
        FrameData some = whole.select(columns, target);
        return new SlicedData(some, some, target, wholeRows, from, count);
    }

    @Override
    public Location location() {
        return whole.location();
    }

    @Override
    public void checkUnchanged() throws NpzException {
        whole.checkUnchanged();
    }

    @Override
    public CopyReport report() {
        return report;
    }

    @Override
    public BufferAllocator allocator() {
        return allocator;
    }

    @Override
    public void close() {
        AutoCloseables.closeNoChecked(() -> AutoCloseables.close(made, List.of(hold)));
    }
}
