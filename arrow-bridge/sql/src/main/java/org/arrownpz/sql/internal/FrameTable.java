package org.arrownpz.sql.internal;

import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.CopyReport;
import org.jspecify.annotations.Nullable;

/** A frame, opened once where it is not open yet. */
final class FrameTable implements Table {
    private static final int BATCH_ROWS = 1 << 20;

    private final BufferAllocator allocator;
    private final Opener opener;
    private final boolean file;
    private @Nullable Frame opened;

    /** @param file whether headers are asked for columns, so that none is made for their types */
    private FrameTable(BufferAllocator allocator, Opener opener, boolean file) {
        this.allocator = allocator;
        this.opener = opener;
        this.file = file;
    }

    /** A frame in a file, which the table opens and closes. */
    static FrameTable ofFile(BufferAllocator allocator, Opener opener) {
        return new FrameTable(allocator, opener, true);
    }

    /** Gives an open frame. */
    @FunctionalInterface
    interface Opener {
        Frame open() throws NpzException;
    }

    /** A frame that stays the caller's. */
    static FrameTable borrowed(BufferAllocator allocator, Frame frame) {
        return new FrameTable(allocator, frame::share, false);
    }

    private Frame frame() throws NpzException {
        Frame frame = opened;
        if (frame == null) {
            frame = opener.open();
            opened = frame;
        }
        return frame;
    }

    @Override
    public List<Field> fields() throws NpzException {
        Frame frame = frame();
        List<Field> fields = file
                ? frame.copyReport().columns().stream()
                        .map(CopyReport.Column::field)
                        .toList()
                : frame.schema().getFields();
        return DuckColumns.isDecoded(fields) ? fields : DuckColumns.decoded(fields, frame.dictionaries());
    }

    @Override
    public ArrowReader read(@Nullable Set<String> columns) throws NpzException {
        Frame frame = frame();
        List<String> all = frame.columnNames();
        if (columns != null && !all.isEmpty()) {
            List<String> some = all.stream().filter(columns::contains).toList();
            if (some.isEmpty()) {
                // Index levels alone: a frame has a column.
                List<Field> fields = fields();
                some = List.of(DuckColumns.cheapest(fields.subList(fields.size() - all.size(), fields.size()))
                        .getName());
            }
            if (some.size() < all.size()) {
                Frame part = frame.select(some.toArray(String[]::new));
                try (Rollback undo = Rollback.of(part)) {
                    return undo.commit(new BatchReader.Owned(allocator, batches(part), part));
                }
            }
        }
        return batches(frame);
    }

    private static ArrowReader batches(Frame frame) throws NpzException {
        return frame.reader(Math.min(BATCH_ROWS, frame.batchRows()));
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.close();
        }
    }
}
