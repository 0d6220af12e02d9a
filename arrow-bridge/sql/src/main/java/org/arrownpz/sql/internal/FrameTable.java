package org.arrownpz.sql.internal;

import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.internal.memory.Rollback;
import org.jspecify.annotations.Nullable;

/** A frame, opened once where it is not open yet. */
final class FrameTable implements Table {
    private static final int BATCH_ROWS = 1 << 20;

    private final Opener opener;
    private @Nullable Frame opened;

    /** Opens the frame, which the table closes. */
    FrameTable(Opener opener) {
        this.opener = opener;
    }

    /** Gives an open frame. */
    @FunctionalInterface
    interface Opener {
        Frame open() throws NpzException;
    }

    /** A frame that stays the caller's. */
    static FrameTable borrowed(Frame frame) {
        return new FrameTable(frame::share);
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
        return DuckColumns.decoded(frame().schema().getFields(), frame().dictionaries());
    }

    @Override
    public Rows read(@Nullable Set<String> columns) throws NpzException {
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
        if (opened != null) {
            opened.close();
        }
    }
}
