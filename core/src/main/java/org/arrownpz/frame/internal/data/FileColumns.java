package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a file, each made when it is asked for, once. One lock guards all; a column that fails to be made
 * leaves the others as they are. Who calls makes sure that nobody closes it meanwhile.
 */
final class FileColumns implements AutoCloseable {
    private final BufferAllocator allocator;
    private final List<ColumnSource> sources;
    /** The position of each source's first column, and the number of columns behind the last. */
    private final int[] firsts;

    private final ReadOptions options;
    private final ArrayStore store;
    private final int rows;
    private final AllValidBitmaps ones;
    private final List<String> notes;
    private CopyReport.Builder lines;
    private VectorReader reader;
    private @Nullable ColumnOutline outline;
    private @Nullable List<Field> fields;
    private @Nullable List<FieldVector> all;
    /** While only some were made: these, and their lines in the report. */
    private @Nullable FieldVector @Nullable [] some;

    private int @Nullable [] line;

    /** Columns of a store that stays the caller's. */
    FileColumns(
            BufferAllocator allocator,
            List<ColumnSource> sources,
            ReadOptions options,
            ArrayStore store,
            int rows,
            List<String> notes) {
        this.allocator = allocator;
        this.sources = sources;
        this.firsts = new int[sources.size() + 1];
        for (int i = 0; i < sources.size(); i++) {
            firsts[i + 1] = firsts[i] + sources.get(i).count();
        }
        this.options = options;
        this.store = store;
        this.rows = rows;
        this.ones = new AllValidBitmaps(allocator, store.location(), options.isolatedValidity());
        this.notes = notes;
        this.lines = CopyReport.builder(count());
        notes.forEach(lines::note);
        this.reader = new VectorReader(allocator, options, ones, lines);
    }

    int count() {
        return firsts[firsts.length - 1];
    }

    /** Refuses columns that no vector can be made of, by their headers. */
    void checkPlans() throws NpzException {
        ColumnOutline plans = ColumnOutline.ofPlans(options);
        for (ColumnSource source : sources) {
            source.outline(plans, null);
        }
    }

    /** The outline of all columns, by their headers. */
    synchronized ColumnOutline outline() throws NpzException {
        if (outline == null) {
            ColumnOutline made = ColumnOutline.ofReport(options);
            for (ColumnSource source : sources) {
                source.outline(made, null);
            }
            outline = made;
        }
        return outline;
    }

    synchronized List<String> names() {
        List<FieldVector> made = all;
        return made != null
                ? made.stream().map(FieldVector::getName).toList()
                : knownOutline().columns().stream()
                        .map(FrameSummary.Column::name)
                        .toList();
    }

    // Headers were checked when the file was opened.
    private ColumnOutline knownOutline() {
        try {
            return outline();
        } catch (NpzException e) {
            throw new IllegalStateException(e);
        }
    }

    synchronized List<Field> fields() throws NpzException {
        if (fields == null) {
            List<Field> known = new ArrayList<>(count());
            for (int column = 0; column < count(); column++) {
                known.add(knownField(column));
            }
            fields = known;
        }
        return fields;
    }

    boolean hasNulls(int column) {
        return ColumnSource.hasNulls(sources, column);
    }

    synchronized Field field(int column) throws NpzException {
        return knownField(column);
    }

    private Field knownField(int column) throws NpzException {
        FieldVector made = made(column);
        if (made == null) {
            FrameSummary.Column header = outline().columns().get(column);
            if (!header.dependsOnValues()) {
                return header.field();
            }
            made = vector(column);
        }
        return made.getField();
    }

    private @Nullable FieldVector made(int column) {
        if (all != null) {
            return all.get(column);
        }
        return some == null ? null : some[column];
    }

    synchronized FieldVector vector(int column) throws NpzException {
        Objects.checkIndex(column, count());
        FieldVector known = made(column);
        if (known != null) {
            return known;
        }
        int source = source(column);
        List<ColumnSource> from = List.of(sources.get(source).some(new int[] {column - firsts[source]}));
        FieldVector vector = make(from, arrays(from)).get(0);
        keep(column, vector, lines.size() - 1);
        return vector;
    }

    synchronized List<FieldVector> vectors() throws NpzException {
        if (all == null) {
            all = some == null ? make(sources, null) : rest();
        }
        return all;
    }

    /**
     * Some rows of all columns, which the caller closes. Reads just these, but of columns that were made before, whose types
     * depend on their values, or that are checked as a whole.
     */
    synchronized List<FieldVector> rows(Rows wanted, BufferAllocator target) throws NpzException {
        if (all != null) {
            return FrameData.of(all, wanted, target, store.location());
        }
        ReadOptions own = wanted.isRange() ? options : options.withIsolatedValidity();
        VectorReader parts = new VectorReader(target, own, ones, null);
        List<FieldVector> read = new ArrayList<>(count());
        try (Rollback undo = Rollback.all(read)) {
            for (int source = 0; source < sources.size(); source++) {
                int first = firsts[source];
                int width = firsts[source + 1] - first;
                for (int next = 0; next < width; ) {
                    boolean alone = readsRows(source, first + next);
                    int end = next + 1;
                    while (end < width && readsRows(source, first + end) == alone) {
                        end++;
                    }
                    if (alone) {
                        int[] some = end - next == width
                                ? null
                                : IntStream.range(next, end).toArray();
                        sources.get(source).read(parts, ones, some, wanted, read);
                    } else {
                        List<FieldVector> whole = new ArrayList<>(end - next);
                        for (int column = next; column < end; column++) {
                            whole.add(vector(first + column));
                        }
                        read.addAll(FrameData.of(whole, wanted, target, store.location()));
                    }
                    next = end;
                }
            }
            MemoryAccess.deliverFaults();
            store.checkUnchanged(List.of());
            return undo.commit(read);
        }
    }

    /** Bytes of the arrays whose columns are not made and would take memory of their own, but can be read by rows. */
    synchronized long converted() {
        long[] bytes = {0};
        for (int source = 0; all == null && source < sources.size(); source++) {
            List<NumpyArray> lastSeen = new ArrayList<>();
            ColumnSource columns = sources.get(source);
            for (int column = firsts[source]; column < firsts[source + 1]; column++) {
                if (made(column) == null
                        && columns.readsRows()
                        && knownOutline().isConverted(column)) {
                    int[] position = {column - firsts[source]};
                    columns.arrays(position, array -> {
                        if (lastSeen.isEmpty() || lastSeen.get(0) != array) {
                            lastSeen.clear();
                            lastSeen.add(array);
                            bytes[0] += array.header().dataLength();
                        }
                    });
                }
            }
        }
        return bytes[0];
    }

    private boolean readsRows(int source, int column) throws NpzException {
        return made(column) == null
                && sources.get(source).readsRows()
                && (sources.get(source).isLong()
                        || !outline().columns().get(column).dependsOnValues());
    }

    /** The columns that were not made yet, those of one source together, and with them all. */
    private List<FieldVector> rest() throws NpzException {
        List<ColumnSource> from = new ArrayList<>();
        int[] columns = new int[count()];
        int missing = 0;
        for (int source = 0; source < sources.size(); source++) {
            int[] wanted = new int[firsts[source + 1] - firsts[source]];
            int found = 0;
            for (int column = firsts[source]; column < firsts[source + 1]; column++) {
                if (made(column) == null) {
                    wanted[found++] = column - firsts[source];
                    columns[missing++] = column;
                }
            }
            if (found > 0) {
                from.add(sources.get(source).some(Arrays.copyOf(wanted, found)));
            }
        }
        List<FieldVector> made = missing == 0 ? List.of() : make(from, arrays(from));
        for (int i = 0; i < missing; i++) {
            keep(columns[i], made.get(i), lines.size() - missing + i);
        }
        List<FieldVector> vectors = new ArrayList<>(count());
        for (int column = 0; column < count(); column++) {
            vectors.add(Objects.requireNonNull(made(column)));
        }
        return vectors;
    }

    private int source(int column) {
        int found = Arrays.binarySearch(firsts, column);
        found = found < 0 ? -found - 2 : found;
        // Sources without columns share their first column with the next one.
        while (firsts[found + 1] == column) {
            found++;
        }
        return found;
    }

    private static List<NumpyArray> arrays(List<ColumnSource> from) {
        List<NumpyArray> arrays = new ArrayList<>();
        from.forEach(source -> source.arrays(null, arrays::add));
        return arrays;
    }

    private void keep(int column, FieldVector vector, int lineInReport) {
        if (some == null || line == null) {
            some = new FieldVector[count()];
            line = new int[count()];
        }
        some[column] = vector;
        line[column] = lineInReport;
    }

    /**
     * Makes all columns of some sources, or none.
     *
     * @param arrays what they lie in, null for all that the store has
     */
    private List<FieldVector> make(List<ColumnSource> from, @Nullable List<NumpyArray> arrays) throws NpzException {
        List<FieldVector> made = new ArrayList<>(arrays == null ? count() : from.size());
        for (ColumnSource source : from) {
            if (!(source instanceof Part)) {
                source.arrays(null, array -> array.data().expect(0, array.data().size()));
            }
        }
        try (Rollback undo = Rollback.of(() -> {
            made.forEach(FieldVector::close);
            forget();
        })) {
            for (ColumnSource source : from) {
                source.read(reader, ones, null, Rows.range(0, rows), made);
            }
            MemoryAccess.deliverFaults();
            if (arrays == null) {
                store.checkUnchanged();
            } else {
                store.checkUnchanged(arrays);
            }
            return undo.commit(made);
        }
    }

    /** Drops the lines of columns that came to nothing. */
    private void forget() {
        CopyReport.Builder kept = CopyReport.builder(count());
        notes.forEach(kept::note);
        List<CopyReport.Column> known = lines.build().columns();
        for (int column = 0; column < count(); column++) {
            if (line != null && made(column) != null) {
                kept.column(known.get(line[column]));
                line[column] = kept.size() - 1;
            }
        }
        lines = kept;
        reader = new VectorReader(allocator, options, ones, lines);
    }

    /** The report as it is now, a line for each column. */
    synchronized CopyReport report() {
        CopyReport read = lines.build();
        String traffic = store.traffic();
        boolean whole = line == null && all != null;
        if (whole && traffic == null) {
            return read;
        }
        CopyReport.Builder report = CopyReport.builder(count());
        notes.forEach(report::note);
        if (traffic != null) {
            report.note(traffic);
        }
        for (int column = 0; column < count(); column++) {
            if (whole) {
                report.column(read.columns().get(column));
            } else if (line != null && made(column) != null) {
                report.column(read.columns().get(line[column]));
            } else {
                knownOutline().report(column, report);
            }
        }
        return report.build();
    }

    /** Some columns as ones of their own, which share the memory of vectors that were made. */
    synchronized FileColumns select(int[] columns) {
        List<ColumnSource> chosen = new ArrayList<>();
        int source = -1;
        int[] run = new int[columns.length];
        int length = 0;
        for (int column : columns) {
            int at = source(column);
            if (at != source && length > 0) {
                chosen.add(sources.get(source).some(Arrays.copyOf(run, length)));
                length = 0;
            }
            source = at;
            run[length++] = column - firsts[at];
        }
        if (length > 0) {
            chosen.add(sources.get(source).some(Arrays.copyOf(run, length)));
        }
        FileColumns selection = new FileColumns(allocator, chosen, options, store, rows, notes);
        List<CopyReport.Column> read = lines.build().columns();
        try (Rollback undo = Rollback.of(selection)) {
            for (int i = 0; i < columns.length; i++) {
                FieldVector made = made(columns[i]);
                if (made != null) {
                    selection.lines.column(read.get(line == null ? columns[i] : line[columns[i]]));
                    selection.keep(i, VectorSlices.whole(made, allocator), selection.lines.size() - 1);
                }
            }
            return undo.commit(selection);
        }
    }

    /** Closes the vectors. */
    @Override
    public void close() {
        if (all != null) {
            all.forEach(FieldVector::close);
        } else if (some != null) {
            for (FieldVector vector : some) {
                if (vector != null) {
                    vector.close();
                }
            }
        }
        ones.close();
    }
}
