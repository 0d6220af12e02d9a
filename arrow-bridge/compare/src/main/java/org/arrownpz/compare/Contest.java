package org.arrownpz.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.compare.Comparison.Environment;
import org.arrownpz.compare.Comparison.Fidelity;
import org.arrownpz.compare.Comparison.Kind;
import org.arrownpz.compare.Comparison.Operation;
import org.arrownpz.compare.Comparison.Result;
import org.arrownpz.compare.Contenders.Checksum;
import org.arrownpz.compare.Contenders.Python;
import org.arrownpz.compare.Contenders.Reader;
import org.arrownpz.compare.Contenders.Writer;
import org.arrownpz.compare.Rounds.Measurement;
import org.arrownpz.compare.internal.measure.ColumnSum;
import org.arrownpz.compare.internal.measure.Scratch;
import org.arrownpz.frame.Frame;
import org.arrownpz.support.SafeMemory;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Runs a comparison: writes each form, checks that all readers read the same values, then times calls in turns. */
final class Contest {
    /** A call that took this many nanoseconds in all has no further turn. */
    private static final long BUDGET = 2_000_000_000L;

    private final String title;
    private final String data;
    private final @Nullable OwnFile own;
    private final Frame frame;
    private final BufferAllocator allocator;
    private final Scratch scratch;
    private final HeadToHead options;
    private final Consumer<String> progress;
    private final Agreement source;
    private final List<String> missing = new ArrayList<>();
    private final Map<FileForm, Long> sizes = new EnumMap<>(FileForm.class);
    private final List<Fidelity> fidelity = new ArrayList<>();
    private final List<Entrant> entrants = new ArrayList<>();
    private final List<Result> floors = new ArrayList<>();
    private final List<Result> results = new ArrayList<>();

    Contest(
            String title,
            String data,
            @Nullable OwnFile own,
            Frame frame,
            BufferAllocator allocator,
            Scratch scratch,
            HeadToHead options) {
        this.title = title;
        this.data = data;
        this.own = own;
        this.frame = frame;
        this.allocator = allocator;
        this.scratch = scratch;
        this.options = options;
        this.progress = options.progress();
        this.source = new Agreement(allocator);
    }

    /** A program that read the right values: how it is called, and what it takes. */
    private record Entrant(Result base, Map<Operation, Rounds.Call> calls, Map<Operation, Measurement> times) {
        Entrant(FileForm form, String program, Kind kind, double lazy, @Nullable String checksum, List<String> notes) {
            this(
                    new Result(form, program, kind, Map.of(), lazy, checksum, notes),
                    new EnumMap<>(Operation.class),
                    new EnumMap<>(Operation.class));
        }

        void addTo(Rounds rounds) {
            calls.forEach((operation, call) -> rounds.add(
                    operation.action() + ", " + base.program() + " of "
                            + Objects.requireNonNull(base.form()).label(),
                    call,
                    time -> times.put(operation, time)));
        }

        /** StaticFrame, which writes what it read of its own layout. */
        boolean mayWrite() {
            return base.program().equals(PythonReaders.NPZ) && base.form() == FileForm.NPZ_STATIC_FRAME;
        }

        Result result() {
            return new Result(
                    base.form(), base.program(), base.kind(), times, base.lazy(), base.checksum(), base.notes());
        }
    }

    Comparison run() throws Exception {
        double load = Environment.load();
        progress.accept("adding up the values");
        List<FieldVector> values = frame.root().getFieldVectors();
        DictionaryProvider dictionaries = frame.dictionaries();
        SafeMemory.guard(Location.ofFile(data), () -> source.take(values, dictionaries));
        List<Writer> writers = writeFiles();
        checkFidelity();
        String name = options.python();
        try (DuckDBConnection duckDb = Contenders.duckDb(missing);
                Python python = name == null ? null : Contenders.python(name, missing);
                Taking taking = Taking.of(frame, allocator, missing)) {
            for (Reader reader : readers(duckDb)) {
                if (sizes.containsKey(reader.form())) {
                    enter(reader, taking);
                }
            }
            if (python != null) {
                enter(python);
            }
            timeWriters(writers, python);
            timeReaders();
        }
        entrants.forEach(entrant -> results.add(entrant.result()));
        List<Result> lines = new ArrayList<>(floors);
        lines.addAll(results);
        return new Comparison(
                title,
                data,
                own == null ? null : own.label(),
                frame.rowCount(),
                source.columns(),
                source.valueBytes(),
                ColumnSum.text(source.total()),
                sizes,
                lines,
                fidelity,
                missing,
                Environment.since(load));
    }

    private List<Reader> readers(@Nullable DuckDBConnection duckDb) {
        List<Reader> readers = new ArrayList<>(own == null ? List.of() : own.readers());
        if (duckDb != null && own != null && own.isParquet()) {
            readers.add(Contenders.duckDb(duckDb, FileForm.OWN));
        }
        readers.addAll(Contenders.readers());
        if (duckDb != null) {
            readers.add(Contenders.duckDb(duckDb, FileForm.PARQUET));
            readers.add(Contenders.duckDb(duckDb, FileForm.PARQUET_ZSTD));
        }
        return readers;
    }

    /** Writes each form once; gives the writers that can. */
    private List<Writer> writeFiles() throws IOException {
        List<Writer> able = new ArrayList<>();
        if (own != null) {
            sizes.put(FileForm.OWN, Scratch.size(own.path()));
        }
        Set<FileForm> tried = EnumSet.noneOf(FileForm.class);
        for (Writer writer : Contenders.writers(allocator, file(FileForm.NPZ_ALIGNED))) {
            FileForm form = writer.form();
            try {
                if (tried.add(form)) {
                    progress.accept("writing " + form.label());
                    writer.call().write(frame, file(form));
                    sizes.put(form, Scratch.size(file(form)));
                }
                if (sizes.containsKey(form)) {
                    able.add(writer);
                }
            } catch (IllegalArgumentException e) {
                missing.add(form.label() + ": " + e.getMessage());
            }
        }
        return able;
    }

    private void checkFidelity() throws Exception {
        FidelityCheck check = new FidelityCheck(frame, allocator, scratch.file("report.npz"));
        Scratch.delete(scratch.file("report.npz"));
        for (FileForm form : sizes.keySet()) {
            if (form != FileForm.OWN) {
                progress.accept("comparing what comes back from " + form.label());
                fidelity.add(check.of(form, file(form)));
            }
        }
    }

    /** Has a reader read its file, and leaves it out where it reads nothing. */
    private void enter(Reader reader, @Nullable Taking taking) throws Exception {
        progress.accept("checking " + reader.title());
        Path file = file(reader.form());
        Agreement agreement;
        List<String> notes;
        try {
            agreement = Agreement.of(reader, allocator, file);
            notes = source.check(agreement, reader.title(), file);
        } catch (IOException | SQLException | RuntimeException e) {
            boolean refuted = e instanceof NpzException fault && fault.code() == ErrorCode.VALUE;
            if (!reader.isPeer() || (refuted && reader.form() != FileForm.OWN)) {
                throw e;
            }
            // Other readers do not support every type, and see other columns than a frame in a file that was not
            // written here: the user is told which.
            missing.add(reader.title() + ": " + e.getMessage());
            return;
        }
        double lazy = !reader.maps() ? 0 : reader.isPeer() ? 1 : agreement.viewedPart();
        String checksum = ColumnSum.text(agreement.totalAs(source));
        Entrant entrant = new Entrant(reader.form(), reader.program(), reader.kind(), lazy, checksum, notes);
        entrant.calls.put(Operation.OPEN, () -> reader.call().read(allocator, file, (columns, dictionaries) -> {}));
        if (frame.rowCount() > 0 && !frame.columnNames().isEmpty()) {
            entrant.calls.put(Operation.CELL, () -> cell(reader, file));
        }
        long total = agreement.total();
        entrant.calls.put(Operation.TOUCH, () -> {
            Checksum checksumOf = new Checksum();
            reader.call().read(allocator, file, checksumOf);
            require(checksumOf.total() == total, reader.program() + " reads other values than the time before");
        });
        if (taking != null) {
            taking.addTo(entrant.calls, reader, file);
        }
        entrants.add(entrant);
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalStateException(problem);
        }
    }

    /**
     * Reads one cell by its labels, the first row of the first column. StaticFrame's article does so after each opening, so
     * that lazy readers have to read something.
     */
    private void cell(Reader reader, Path file) throws Exception {
        int levels = frame.indexLevels();
        String name = frame.schema().getFields().get(levels).getName();
        List<Object> found = new ArrayList<>();
        reader.call().read(allocator, file, (columns, dictionaries) -> {
            if (!found.isEmpty() || columns.isEmpty() || columns.get(0).getValueCount() == 0) {
                return;
            }
            columns.subList(0, levels).forEach(level -> level.getObject(0));
            for (FieldVector candidate : columns) {
                if (candidate.getName().equals(name)) {
                    found.add(String.valueOf(candidate.getObject(0)));
                    return;
                }
            }
        });
        require(!found.isEmpty(), reader.program() + " finds no column " + name);
    }

    /** Has each program of Python read the file of its form, and leaves it out where it reads other values or nothing. */
    private void enter(Python python) {
        PythonReaders.programs(python, own)
                .forEach((form, programs) -> programs.forEach(program -> {
                    if (!sizes.containsKey(form)) {
                        return;
                    }
                    String reader = program + " of " + form.label();
                    progress.accept("checking " + reader);
                    Path file = file(form);
                    try {
                        List<String> notes = source.check(python.call(program, "sums", file), reader, file);
                        Entrant entrant = new Entrant(form, program, Kind.PEER, 0, null, notes);
                        for (Operation operation : List.of(Operation.OPEN, Operation.CELL, Operation.TOUCH)) {
                            entrant.calls.put(operation, () -> python.call(program, operation.key(), file));
                        }
                        entrants.add(entrant);
                    } catch (IOException e) {
                        // What Python makes of a file is its own: texts without end, times of other units. Who reads
                        // other values is not timed, and the user is told.
                        missing.add(reader + ": " + e.getMessage());
                    }
                }));
    }

    private void timeWriters(List<Writer> writers, @Nullable Python python) throws Exception {
        Rounds rounds = new Rounds(options.rounds(), BUDGET);
        List<Path> targets = new ArrayList<>(List.of(scratch.file("write-floor")));
        try (Floors floor = new Floors(allocator, file(FileForm.NPZ_ALIGNED))) {
            List<FieldVector> columns = frame.root().getFieldVectors();
            addFloor(rounds, Comparison.WRITE_FLOOR, Operation.WRITE, () -> floor.write(columns, targets.get(0)));
            for (Writer writer : writers) {
                Path target = scratch.file(
                        "write-" + targets.size() + "-" + writer.form().fileName());
                targets.add(target);
                addWriter(
                        rounds,
                        writer.form(),
                        writer.program(),
                        writer.kind(),
                        () -> writer.call().write(frame, target));
            }
            for (Entrant entrant : entrants) {
                if (python != null && entrant.mayWrite()) {
                    Path target = scratch.file("write-" + targets.size() + "-python.npz");
                    targets.add(target);
                    python.call(PythonReaders.NPZ, "hold", file(FileForm.NPZ_STATIC_FRAME));
                    addWriter(
                            rounds,
                            FileForm.NPZ_STATIC_FRAME,
                            PythonReaders.TO_NPZ,
                            Kind.PEER,
                            () -> python.call(PythonReaders.NPZ, "write", target));
                }
            }
            rounds.run(progress);
        }
        for (Path target : targets) {
            Scratch.delete(target);
        }
    }

    private void addWriter(Rounds rounds, FileForm form, String program, Kind kind, Rounds.Call call) {
        rounds.add(
                "writing " + form.label() + ", " + program,
                call,
                time -> results.add(Result.of(form, program, kind, Operation.WRITE, time)));
    }

    private void timeReaders() throws Exception {
        Rounds rounds = new Rounds(options.rounds(), BUDGET);
        try (Floors floor = new Floors(allocator, file(FileForm.NPZ_ALIGNED))) {
            addFloor(rounds, Comparison.COPY_FLOOR, Operation.TOUCH, floor::copy);
            addFloor(rounds, Comparison.MAP_FLOOR, Operation.OPEN, floor::map);
            addFloor(rounds, Comparison.READ_FLOOR, Operation.TOUCH, floor::mapAndTouch);
            addFloor(rounds, Comparison.STRIP_FLOOR, Operation.TOUCH, floor::readAndTouch);
            entrants.forEach(entrant -> entrant.addTo(rounds));
            rounds.run(progress);
        }
    }

    /** The file of a form that readers read; the user's own is never written. */
    private Path file(FileForm form) {
        return form == FileForm.OWN && own != null ? own.path() : scratch.file(form.fileName());
    }

    private void addFloor(Rounds rounds, String name, Operation operation, Rounds.Call call) {
        rounds.add(name, call, time -> floors.add(Result.of(null, name, Kind.FLOOR, operation, time)));
    }
}
