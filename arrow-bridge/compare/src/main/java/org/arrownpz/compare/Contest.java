package org.arrownpz.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.ArchiveForm;
import org.arrownpz.Durability;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.compare.internal.contender.Cell;
import org.arrownpz.compare.internal.contender.Contenders;
import org.arrownpz.compare.internal.contender.DuckDb;
import org.arrownpz.compare.internal.contender.OwnFile;
import org.arrownpz.compare.internal.contender.PythonReaders;
import org.arrownpz.compare.internal.contender.Reader;
import org.arrownpz.compare.internal.contender.Writer;
import org.arrownpz.compare.internal.fidelity.FidelityCheck;
import org.arrownpz.compare.internal.measure.Checksum;
import org.arrownpz.compare.internal.measure.Floors;
import org.arrownpz.compare.internal.measure.Rounds;
import org.arrownpz.compare.internal.measure.Scratch;
import org.arrownpz.compare.report.Choice;
import org.arrownpz.compare.report.Comparison;
import org.arrownpz.compare.report.Environment;
import org.arrownpz.compare.report.Fidelity;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.compare.report.Measurement;
import org.arrownpz.compare.report.Operation;
import org.arrownpz.compare.report.Result;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.vector.WriteReport;
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
    private final CompareOptions options;
    private final Consumer<String> progress;
    private final List<String> missing = new ArrayList<>();
    private final Map<FileForm, Long> sizes = new EnumMap<>(FileForm.class);
    private final List<Fidelity> fidelity = new ArrayList<>();
    private final List<Result> floors = new ArrayList<>();
    private final List<Result> results = new ArrayList<>();

    Contest(
            String title,
            String data,
            @Nullable OwnFile own,
            Frame frame,
            BufferAllocator allocator,
            Scratch scratch,
            CompareOptions options) {
        this.title = title;
        this.data = data;
        this.own = own;
        this.frame = frame;
        this.allocator = allocator;
        this.scratch = scratch;
        this.options = options;
        this.progress = options.progress();
    }

    Comparison run() throws Exception {
        double load = Environment.load();
        progress.accept("adding up the values");
        Agreement source = new Agreement(allocator);
        List<FieldVector> values = frame.root().getFieldVectors();
        DictionaryProvider dictionaries = frame.dictionaries();
        MemoryAccess.guard(Location.ofFile(data), () -> source.take(values, dictionaries));
        List<Writer> writers = writeFiles();
        checkFidelity();
        List<Reader> readers = new ArrayList<>();
        if (own != null) {
            readers.addAll(own.readers());
        }
        readers.addAll(Contenders.readers());
        String name = options.python();
        try (DuckDb duckDb = DuckDb.connect(missing);
                PythonReaders python = name == null ? null : PythonReaders.start(name, missing)) {
            if (duckDb != null) {
                if (own != null && own.isParquet()) {
                    readers.add(own.readers().size(), duckDb.reader(FileForm.OWN));
                }
                readers.add(duckDb.reader(FileForm.PARQUET));
                readers.add(duckDb.reader(FileForm.PARQUET_ZSTD));
            }
            readers.removeIf(reader -> !sizes.containsKey(reader.form()));
            List<Entrant> entrants = agree(source, readers);
            Strangers strangers = new Strangers(python, this::file);
            strangers.agree(source, own, sizes.keySet(), missing, progress);
            timeWriters(writers, strangers);
            timeReaders(source, entrants, strangers);
        }
        Comparison figures = comparison(source, load, List.of(), List.of());
        return comparison(source, load, Choices.of(figures), Verdict.of(figures));
    }

    private Comparison comparison(Agreement source, double load, List<Choice> choices, List<String> verdict) {
        List<Result> lines = new ArrayList<>(floors);
        lines.addAll(results);
        return new Comparison(
                title,
                data,
                own == null ? null : own.label(),
                frame.rowCount(),
                source.columns(),
                source.valueBytes(),
                Checksum.text(source.total()),
                sizes,
                lines,
                fidelity,
                missing,
                choices,
                verdict,
                Environment.since(load));
    }

    /** Writes each form once; gives the writers that can. */
    private List<Writer> writeFiles() throws IOException {
        List<Writer> able = new ArrayList<>();
        if (own != null) {
            sizes.put(FileForm.OWN, Scratch.size(own.path()));
        }
        Set<FileForm> tried = EnumSet.noneOf(FileForm.class);
        for (Writer writer : Contenders.writers(allocator, scratch.file(FileForm.NPZ_ALIGNED))) {
            FileForm form = writer.form();
            try {
                if (tried.add(form)) {
                    progress.accept("writing " + form.label());
                    writer.call().write(frame, scratch.file(form));
                    sizes.put(form, Scratch.size(scratch.file(form)));
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
        FidelityCheck check = new FidelityCheck(frame, allocator);
        WriteReport report = Frames.write(
                frame,
                scratch.file("report.npz"),
                WriteOptions.defaults().withForm(ArchiveForm.FRAME).withDurability(Durability.RENAME_ONLY));
        Scratch.delete(scratch.file("report.npz"));
        for (FileForm form : FileForm.values()) {
            if (!sizes.containsKey(form) || form == FileForm.OWN) {
                continue;
            }
            progress.accept("comparing what comes back from " + form.label());
            Path file = scratch.file(form);
            fidelity.add(
                    switch (form) {
                        case NPZ_STATIC_FRAME, NPZ_ALIGNED, NPZ_DEFLATED, NPY_DIRECTORY ->
                            check.ofArrays(form, file, report);
                        case FEATHER, FEATHER_LZ4, FEATHER_ZSTD -> check.ofFeather(form, file);
                        case PARQUET_PLAIN, PARQUET, PARQUET_ZSTD -> check.ofParquet(form, file);
                        case OWN -> throw new IllegalStateException("what a file itself has, it loses not");
                    });
        }
    }

    /** A reader that read the right values, and its times. */
    private record Entrant(Reader reader, Agreement agreement, List<String> notes, Map<Operation, Measurement> times) {
        double lazy() {
            if (!reader.maps()) {
                return 0;
            }
            return reader.isPeer() ? 1 : agreement.viewedPart();
        }
    }

    private List<Entrant> agree(Agreement source, List<Reader> readers) throws Exception {
        List<Entrant> entrants = new ArrayList<>();
        for (Reader reader : readers) {
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
                continue;
            }
            entrants.add(new Entrant(reader, agreement, notes, new EnumMap<>(Operation.class)));
        }
        return entrants;
    }

    private void timeWriters(List<Writer> writers, Strangers strangers) throws Exception {
        Rounds rounds = new Rounds(options.rounds(), BUDGET);
        List<Path> targets = new ArrayList<>(List.of(scratch.file("write-floor")));
        try (Floors floor = new Floors(allocator, scratch.file(FileForm.NPZ_ALIGNED))) {
            addFloor(
                    rounds,
                    Comparison.WRITE_FLOOR,
                    Operation.WRITE,
                    () -> floor.write(frame.root().getFieldVectors(), targets.get(0)));
            for (Writer writer : writers) {
                Path target = scratch.file(
                        "write-" + targets.size() + "-" + writer.form().fileName());
                targets.add(target);
                rounds.add(
                        "writing " + writer.form().label() + ", " + writer.program(),
                        () -> writer.call().write(frame, target),
                        time -> results.add(new Result(
                                writer.form(),
                                writer.program(),
                                writer.kind(),
                                Map.of(Operation.WRITE, time),
                                0,
                                null,
                                List.of())));
            }
            Path strange = scratch.file("write-" + targets.size() + "-strange.npz");
            targets.add(strange);
            strangers.addWriter(rounds, strange, results::add);
            rounds.run(progress);
        }
        for (Path target : targets) {
            Scratch.delete(target);
        }
    }

    private void timeReaders(Agreement source, List<Entrant> entrants, Strangers strangers) throws Exception {
        Rounds rounds = new Rounds(options.rounds(), BUDGET);
        try (Taking taking = Taking.of(frame, allocator, missing);
                Floors floor = new Floors(allocator, scratch.file(FileForm.NPZ_ALIGNED))) {
            addFloor(rounds, Comparison.COPY_FLOOR, Operation.TOUCH, floor::copy);
            addFloor(rounds, Comparison.MAP_FLOOR, Operation.OPEN, floor::map);
            addFloor(rounds, Comparison.READ_FLOOR, Operation.TOUCH, floor::mapAndTouch);
            addFloor(rounds, Comparison.STRIP_FLOOR, Operation.TOUCH, floor::readAndTouch);
            for (Entrant entrant : entrants) {
                Reader reader = entrant.reader;
                Path file = file(reader.form());
                add(
                        rounds,
                        entrant,
                        Operation.OPEN,
                        "opening",
                        () -> reader.call().read(allocator, file, (columns, dictionaries) -> {}));
                if (frame.rowCount() > 0 && !frame.columnNames().isEmpty()) {
                    add(rounds, entrant, Operation.CELL, "one cell", () -> Cell.read(reader, allocator, file, frame));
                }
                add(rounds, entrant, Operation.TOUCH, "every value", () -> touch(entrant, file));
                if (taking != null) {
                    taking.addTo(rounds, reader, file, entrant.times);
                }
            }
            strangers.addTo(rounds);
            rounds.run(progress);
        }
        for (Entrant entrant : entrants) {
            results.add(new Result(
                    entrant.reader.form(),
                    entrant.reader.program(),
                    entrant.reader.kind(),
                    entrant.times,
                    entrant.lazy(),
                    Checksum.text(entrant.agreement.totalAs(source)),
                    entrant.notes));
        }
        results.addAll(strangers.results());
    }

    /** The file of a form that readers read; the user's own is never written. */
    private Path file(FileForm form) {
        return form == FileForm.OWN && own != null ? own.path() : scratch.file(form);
    }

    private void addFloor(Rounds rounds, String name, Operation operation, Rounds.Call call) {
        rounds.add(name, call, time -> floors.add(Result.floor(name, operation, time)));
    }

    private static void add(Rounds rounds, Entrant entrant, Operation operation, String what, Rounds.Call call) {
        rounds.add(what + ", " + entrant.reader.title(), call, time -> entrant.times.put(operation, time));
    }

    private void touch(Entrant entrant, Path file) throws Exception {
        Checksum checksum = new Checksum();
        entrant.reader.call().read(allocator, file, checksum);
        if (checksum.total() != entrant.agreement.total()) {
            throw new IllegalStateException(entrant.reader.program() + " reads other values than the time before");
        }
    }
}
