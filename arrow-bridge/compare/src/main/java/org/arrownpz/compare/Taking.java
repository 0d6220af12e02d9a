package org.arrownpz.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.compare.Comparison.Operation;
import org.arrownpz.compare.Contenders.Checksum;
import org.arrownpz.compare.Contenders.Reader;
import org.arrownpz.compare.Contenders.RowSource;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Random rows of a table's first columns: the same ones from every reader. Holds open what is opened once.
 *
 * @param missing gets who cannot take rows
 */
@SuppressWarnings("ArrayRecordComponent") // The rows are made here, and only read.
record Taking(
        BufferAllocator allocator,
        long[] rows,
        List<String> columns,
        Agreement source,
        List<String> missing,
        List<AutoCloseable> open)
        implements AutoCloseable {
    private static final int ROWS = 1000;
    private static final int COLUMNS = 5;
    private static final long SEED = 20261123;

    /** The rows to be taken of a frame; null of one without rows, columns, or names that tell columns apart. */
    static @Nullable Taking of(Frame frame, BufferAllocator allocator, List<String> missing) throws Exception {
        List<String> names = frame.columnNames();
        List<Field> all = frame.schema().getFields();
        long different = all.stream().map(Field::getName).distinct().count();
        if (frame.rowCount() == 0 || names.isEmpty() || different < all.size()) {
            return null;
        }
        List<String> columns = names.subList(0, Math.min(COLUMNS, names.size()));
        long[] rows = new SplittableRandom(SEED)
                .longs(ROWS, 0, frame.rowCount())
                .sorted()
                .toArray();
        Agreement source = new Agreement(allocator);
        try (Frame some = frame.select(columns.toArray(String[]::new));
                Frame taken = some.take(rows)) {
            RowSources.hand(taken, source);
        }
        return new Taking(allocator, rows, columns, source, missing, new ArrayList<>());
    }

    /** Adds the two calls of a reader, opened once and opened each time, unless it gives other values or none. */
    void addTo(Map<Operation, Rounds.Call> calls, Reader reader, Path file) throws Exception {
        RowSource.Opener opener = reader.rows();
        if (opener == null) {
            return;
        }
        Agreement agreement = new Agreement(allocator);
        RowSource held;
        try {
            try (RowSource once = opener.open(allocator, file, columns)) {
                once.take(rows, agreement);
            }
            held = opener.open(allocator, file, columns);
        } catch (RuntimeException e) {
            if (!reader.isPeer()) {
                throw e;
            }
            missing.add("rows by " + reader.title() + ": " + e.getMessage());
            return;
        }
        open.add(held);
        source.check(agreement, "rows by " + reader.title(), file);
        long total = agreement.total();
        calls.put(Operation.TAKE, () -> take(held, total, reader));
        calls.put(Operation.OPEN_TAKE, () -> {
            try (RowSource once = opener.open(allocator, file, columns)) {
                take(once, total, reader);
            }
        });
    }

    private void take(RowSource rowsOf, long total, Reader reader) throws Exception {
        Checksum checksum = new Checksum();
        rowsOf.take(rows, checksum);
        if (checksum.total() != total) {
            throw new IllegalStateException(reader.program() + " takes other values than the time before");
        }
    }

    @Override
    public void close() throws Exception {
        AutoCloseables.close(open);
    }
}
