package org.arrownpz.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ArchiveForm;
import org.arrownpz.Durability;
import org.arrownpz.Location;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.vector.WriteReport;
import org.jspecify.annotations.Nullable;

/** One comparison: writes the files, lets everybody read them once and agree, then times in turns. */
final class Contest {
    /** After so many nanoseconds of its own, a call has no further turn. */
    private static final long BUDGET = 2_000_000_000L;

    private final String title;
    private final String data;
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
            Frame frame,
            BufferAllocator allocator,
            Scratch scratch,
            CompareOptions options) {
        this.title = title;
        this.data = data;
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
        MemoryAccess.guard(
                Location.ofFile(data), () -> source.take(frame.root().getFieldVectors(), frame.dictionaries()));
        List<WriteContender> writers = writeFiles();
        checkFidelity();
        try (DuckDbSeat duckDb = DuckDbSeat.take(missing)) {
            List<Entrant> readers = agree(source, readers(duckDb.reader()));
            timeWriters(writers);
            timeReaders(readers);
        }
        Comparison figures = comparison(source, load, List.of());
        return comparison(source, load, Verdict.of(figures));
    }

    private Comparison comparison(Agreement source, double load, List<String> verdict) {
        List<Result> lines = new ArrayList<>(floors);
        lines.addAll(results);
        return new Comparison(
                title,
                data,
                frame.rowCount(),
                source.columns(),
                source.valueBytes(),
                Checksum.text(source.total()),
                sizes,
                lines,
                fidelity,
                missing,
                verdict,
                Environment.since(load));
    }

    /** Writes each form once; gives the writers that could. */
    private List<WriteContender> writeFiles() throws IOException {
        List<WriteContender> able = new ArrayList<>();
        Path aligned = scratch.file(FileForm.NPZ_ALIGNED);
        for (WriteContender writer : List.of(
                new FramesWriting(FileForm.NPZ_ALIGNED),
                new StaticFrameWriting(allocator, aligned),
                new FramesWriting(FileForm.NPY_DIRECTORY),
                new IpcWriting(FileForm.FEATHER),
                new IpcWriting(FileForm.FEATHER_ZSTD),
                new ParquetWriting())) {
            Path file = scratch.file(writer.form());
            progress.accept("writing " + writer.form().label());
            try {
                writer.write(frame, file);
                sizes.put(writer.form(), Scratch.size(file));
                able.add(writer);
            } catch (IllegalArgumentException e) {
                missing.add(writer.form().label() + ": " + e.getMessage());
            }
        }
        if (able.stream().anyMatch(writer -> writer.form() == FileForm.FEATHER)) {
            able.add(new ArrowFileWriting());
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
            if (!sizes.containsKey(form)) {
                continue;
            }
            progress.accept("comparing what comes back from " + form.label());
            Path file = scratch.file(form);
            fidelity.add(
                    switch (form) {
                        case NPZ_STATIC_FRAME, NPZ_ALIGNED, NPY_DIRECTORY -> check.ofArrays(form, file, report);
                        case FEATHER, FEATHER_ZSTD -> check.ofFeather(form, file);
                        case PARQUET -> check.ofParquet(file);
                    });
        }
    }

    private List<ReadContender> readers(@Nullable ReadContender duckDb) {
        List<ReadContender> readers = new ArrayList<>(List.of(
                new FramesReader(FileForm.NPZ_STATIC_FRAME),
                new FramesReader(FileForm.NPZ_ALIGNED),
                new FramesReader(FileForm.NPY_DIRECTORY),
                new IpcReading(FileForm.FEATHER),
                new ArrowFileReading(FileForm.FEATHER),
                new DatasetReading(FileForm.FEATHER, false),
                new DatasetReading(FileForm.FEATHER, true),
                new IpcReading(FileForm.FEATHER_ZSTD),
                new ArrowFileReading(FileForm.FEATHER_ZSTD),
                new DatasetReading(FileForm.FEATHER_ZSTD, false),
                new ParquetReading(),
                new DatasetReading(FileForm.PARQUET, false)));
        if (duckDb != null) {
            readers.add(duckDb);
        }
        readers.removeIf(reader -> !sizes.containsKey(reader.form()));
        return readers;
    }

    /** A reader that has proved that it reads the table. */
    private record Entrant(ReadContender reader, Agreement agreement, List<String> notes) {
        double lazy() {
            if (!reader.maps()) {
                return 0;
            }
            return reader.peer() ? 1 : agreement.viewedPart();
        }
    }

    private List<Entrant> agree(Agreement source, List<ReadContender> readers) throws Exception {
        List<Entrant> entrants = new ArrayList<>();
        for (ReadContender reader : readers) {
            String name = reader.program() + " of " + reader.form().label();
            progress.accept("checking " + name);
            Path file = scratch.file(reader.form());
            Agreement agreement;
            try {
                agreement = Agreement.of(reader, allocator, file);
            } catch (IOException | SQLException | RuntimeException e) {
                if (!reader.peer()) {
                    throw e;
                }
                // Others do not read everything; that is a result too.
                missing.add(name + ": " + e.getMessage());
                continue;
            }
            entrants.add(new Entrant(reader, agreement, source.check(agreement, name, file)));
        }
        return entrants;
    }

    private void timeWriters(List<WriteContender> writers) throws Exception {
        Rounds rounds = new Rounds(options.rounds(), BUDGET);
        try (Floors floor = new Floors(allocator, scratch.file(FileForm.NPZ_ALIGNED))) {
            Path floorFile = scratch.file("write-floor");
            rounds.add(Comparison.WRITE_FLOOR, () -> floor.write(frame.root().getFieldVectors(), floorFile));
            for (int i = 0; i < writers.size(); i++) {
                WriteContender writer = writers.get(i);
                Path target = scratch.file("write-" + i + "-" + writer.form().fileName());
                rounds.add(
                        "writing " + writer.form().label() + ", " + writer.program(),
                        () -> writer.write(frame, target));
            }
            List<Measurement> times = rounds.run(progress);
            floors.add(Result.floor(Comparison.WRITE_FLOOR, Operation.WRITE, times.get(0)));
            for (int i = 0; i < writers.size(); i++) {
                WriteContender writer = writers.get(i);
                results.add(new Result(
                        writer.form(),
                        writer.program(),
                        writer.peer() ? Result.Kind.PEER : Result.Kind.OURS,
                        Map.of(Operation.WRITE, times.get(i + 1)),
                        0,
                        null,
                        List.of()));
                Scratch.delete(scratch.file("write-" + i + "-" + writer.form().fileName()));
            }
            Scratch.delete(floorFile);
        }
    }

    private void timeReaders(List<Entrant> entrants) throws Exception {
        Rounds rounds = new Rounds(options.rounds(), BUDGET);
        try (Floors floor = new Floors(allocator, scratch.file(FileForm.NPZ_ALIGNED))) {
            rounds.add(Comparison.COPY_FLOOR, floor::copy);
            rounds.add(Comparison.MAP_FLOOR, floor::map);
            rounds.add(Comparison.READ_FLOOR, floor::mapAndTouch);
            List<Slot> slots = new ArrayList<>();
            for (Entrant entrant : entrants) {
                ReadContender reader = entrant.reader;
                Path file = scratch.file(reader.form());
                String name = reader.program() + " of " + reader.form().label();
                slots.add(new Slot(entrant, Operation.OPEN));
                rounds.add("opening, " + name, () -> reader.read(allocator, file, (columns, dictionaries) -> {}));
                if (frame.rowCount() > 0 && !frame.columnNames().isEmpty()) {
                    slots.add(new Slot(entrant, Operation.CELL));
                    rounds.add("one cell, " + name, () -> Cell.read(reader, allocator, file, frame));
                }
                slots.add(new Slot(entrant, Operation.TOUCH));
                rounds.add("every value, " + name, () -> touch(entrant, file));
            }
            List<Measurement> times = rounds.run(progress);
            floors.add(Result.floor(Comparison.COPY_FLOOR, Operation.TOUCH, times.get(0)));
            floors.add(Result.floor(Comparison.MAP_FLOOR, Operation.OPEN, times.get(1)));
            floors.add(Result.floor(Comparison.READ_FLOOR, Operation.TOUCH, times.get(2)));
            Map<Entrant, Map<Operation, Measurement>> byReader = new HashMap<>();
            for (int i = 0; i < slots.size(); i++) {
                byReader.computeIfAbsent(slots.get(i).entrant, key -> new EnumMap<>(Operation.class))
                        .put(slots.get(i).operation, times.get(i + 3));
            }
            for (Entrant entrant : entrants) {
                results.add(new Result(
                        entrant.reader.form(),
                        entrant.reader.program(),
                        entrant.reader.peer() ? Result.Kind.PEER : Result.Kind.OURS,
                        byReader.getOrDefault(entrant, Map.of()),
                        entrant.lazy(),
                        Checksum.text(entrant.agreement.total()),
                        entrant.notes));
            }
        }
    }

    private record Slot(Entrant entrant, Operation operation) {}

    private void touch(Entrant entrant, Path file) throws Exception {
        Checksum checksum = new Checksum();
        entrant.reader.read(allocator, file, checksum);
        if (checksum.total() != entrant.agreement.total()) {
            throw new IllegalStateException(entrant.reader.program() + " reads other values than the time before");
        }
    }
}
