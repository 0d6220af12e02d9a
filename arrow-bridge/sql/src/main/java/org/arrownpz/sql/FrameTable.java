package org.arrownpz.sql;

import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.internal.memory.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * An open frame.
 *
 * @param frame what is read
 * @param owner closed with the table
 */
record FrameTable(Frame frame, Runnable owner) implements Table {
    private static final int BATCH_ROWS = 1 << 20;

    /** A frame that stays the caller's. */
    static FrameTable borrowed(Frame frame) {
        return new FrameTable(frame, () -> {});
    }

    @Override
    public List<Field> fields() throws NpzException {
        return DuckColumns.decoded(frame.schema().getFields(), frame.dictionaries());
    }

    @Override
    public Rows read(@Nullable Set<String> columns) throws NpzException {
        if (columns != null) {
            List<String> all = frame.columnNames();
            List<String> some = all.stream().filter(columns::contains).toList();
            if (!some.isEmpty() && some.size() < all.size()) {
                return owned(frame.select(some.toArray(String[]::new)));
            }
        }
        return new Rows(batches(frame), () -> {});
    }

    /** The rows of a frame that is closed with them, and on failure. */
    static Rows owned(Frame frame) throws NpzException {
        try (Rollback undo = Rollback.of(frame)) {
            return undo.commit(new Rows(batches(frame), frame));
        }
    }

    private static ArrowReader batches(Frame frame) throws NpzException {
        return frame.reader(Math.min(BATCH_ROWS, frame.batchRows()));
    }

    @Override
    public void close() {
        owner.run();
    }
}
