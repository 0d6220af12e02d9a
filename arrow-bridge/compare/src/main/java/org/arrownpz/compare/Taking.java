package org.arrownpz.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.compare.internal.contender.Reader;
import org.arrownpz.compare.internal.contender.RowSource;
import org.arrownpz.compare.internal.measure.Checksum;
import org.arrownpz.compare.internal.measure.Rounds;
import org.arrownpz.compare.report.Measurement;
import org.arrownpz.compare.report.Operation;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;

/** Random rows of a table's first columns: the same ones from every reader. Holds open what is opened once. */
final class Taking implements AutoCloseable {
    private static final int ROWS = 1000;
    private static final int COLUMNS = 5;
    private static final long SEED = 20261123;

    private final BufferAllocator allocator;
    private final long[] rows;
    private final List<String> columns;
    private final Agreement source;
    private final List<String> missing;
    private final List<AutoCloseable> open = new ArrayList<>();

    private Taking(
            BufferAllocator allocator, long[] rows, List<String> columns, Agreement source, List<String> missing) {
        this.allocator = allocator;
        this.rows = rows;
        this.columns = columns;
        this.source = source;
        this.missing = missing;
    }

    /**
     * What is to be taken of a frame; null of one without rows, columns, or names that tell columns apart.
     *
     * @param missing who cannot take rows is told there
     */
    static @Nullable Taking of(Frame frame, BufferAllocator allocator, List<String> missing) throws Exception {
        List<String> names = frame.columnNames();
        List<String> all = frame.schema().getFields().stream()
                .map(field -> field.getName())
                .toList();
        if (frame.rowCount() == 0 || names.isEmpty() || new HashSet<>(all).size() < all.size()) {
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
            List<FieldVector> vectors = taken.root().getFieldVectors();
            source.take(vectors.subList(taken.indexLevels(), vectors.size()), taken.dictionaries());
        }
        return new Taking(allocator, rows, columns, source, missing);
    }

    /** Adds the two calls of a reader, opened once and opened each time, unless it gives other values or none. */
    void addTo(Rounds rounds, Reader reader, Path file, Map<Operation, Measurement> times) throws Exception {
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
        rounds.add("rows, " + reader.title(), () -> take(held, total, reader), time -> times.put(Operation.TAKE, time));
        rounds.add(
                "opening, rows, " + reader.title(),
                () -> {
                    try (RowSource once = opener.open(allocator, file, columns)) {
                        take(once, total, reader);
                    }
                },
                time -> times.put(Operation.OPEN_TAKE, time));
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
