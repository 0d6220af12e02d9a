package org.arrownpz.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.compare.Contenders;
import org.arrownpz.compare.Contenders.Checksum;
import org.arrownpz.compare.Contenders.Python;
import org.arrownpz.compare.Contenders.Writer;
import org.arrownpz.compare.FileForm;
import org.arrownpz.compare.Rounds;
import org.arrownpz.compare.fixture.FrameFixture;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.LabelArray;
import org.arrownpz.npz.NpzFile;
import org.jspecify.annotations.Nullable;

/**
 * The fixtures of StaticFrame's article, in files as StaticFrame writes them: each way to read and write them, StaticFrame
 * itself in a child process, and their floors take turns.
 *
 * <p>Arguments: cells ({@code 1e6} or {@code 1e8}); the Python that has StaticFrame, or {@code none}; then titles of the
 * fixtures ({@code "uniform wide"}), all of the size when there are none, and of 1e8 cells the two of {@link FrameFixture#LARGE}.
 */
public record Article(
        BufferAllocator allocator,
        Scratch scratch,
        @Nullable Python python,
        boolean large,
        String title) {
    private static final ReadOptions IN_MEMORY = ReadOptions.inMemory();
    private static final List<Integer> THREE = List.of(1, 50, 90);

    /** Something done with what a call makes. */
    @FunctionalInterface
    interface Work<T> {
        void on(T made) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        String size = arguments.length > 0 ? arguments[0] : FrameFixture.SMALL;
        String program = arguments.length > 1 ? arguments[1] : "python3";
        List<String> titles = List.of(arguments).subList(Math.min(2, arguments.length), arguments.length);
        List<String> missing = new ArrayList<>();
        Turns.printHeader("");
        try (Python python = program.equals("none") ? null : Contenders.python(program, missing)) {
            missing.forEach(text -> System.out.println("missing: " + text));
            for (var fixture : FrameFixture.panel(size, !titles.isEmpty()).entrySet()) {
                String title = fixture.getKey();
                if (titles.isEmpty() || titles.contains(title)) {
                    try (BufferAllocator allocator = new RootAllocator();
                            Scratch scratch = Scratch.make()) {
                        new Article(allocator, scratch, python, size.equals(FrameFixture.LARGE), title)
                                .measure(fixture.getValue());
                    }
                }
            }
        }
    }

    private void measure(FrameFixture fixture) throws Exception {
        Path file = scratch.file(FileForm.NPZ_STATIC_FRAME);
        Path aligned = scratch.file(FileForm.NPZ_ALIGNED);
        Path feather = scratch.file(FileForm.FEATHER);
        Path directory = scratch.file(FileForm.NPY_DIRECTORY);
        List<Writer> writers = Contenders.writers(allocator, aligned);
        Writer arrow = writers.get(writers.size() - 1);
        boolean both;
        try (Frame frame = fixture.frame(allocator)) {
            Contenders.write(FileForm.NPZ_ALIGNED, frame, aligned);
            layout(writers).call().write(frame, file);
            arrow.call().write(frame, feather);
            both = wasWritten(directory, file);
            Turns turns = turns();
            ArticleFloors floors = new ArticleFloors(allocator, frame.root());
            turns.floor("floor: CRC alone", floors::checksum);
            turns.add("floor: write in place", () -> floors.inPlace(scratch.file("place")));
            turns.add("floor: write + rename", () -> floors.renamed(scratch.file("renamed")));
            Path npz = scratch.file("target.npz");
            turns.add("floor: CRC + sequential write", () -> floors.summed(scratch.file("target")));
            turns.add("Frames.write", () -> Contenders.write(FileForm.NPZ_ALIGNED, frame, npz));
            turns.add("ArrowFileWriter", () -> arrow.call().write(frame, scratch.file("target.feather")));
            if (both) {
                python("StaticFrame from_npz", "hold", file);
                turns.add("StaticFrame to_npz", () -> python("StaticFrame from_npz", "write", npz));
            }
            turns.run();
            if (!large) {
                turns = turns();
                turns.add("floor: Arrow's objects", () -> floors.objects(VectorSchemaRoot::getRowCount));
                turns.add(
                        "floor: Arrow's objects + every value",
                        () -> floors.objects(
                                root -> new Checksum().take(root.getFieldVectors(), frame.dictionaries())));
                turns.run();
            }
        }
        read(file, feather);
        if (both && !large) {
            directory(directory);
        }
    }

    private static Writer layout(List<Writer> writers) {
        return writers.stream()
                .filter(writer -> writer.form() == FileForm.NPZ_STATIC_FRAME)
                .findFirst()
                .orElseThrow();
    }

    /** Has StaticFrame write its directory; tells whether there is a StaticFrame. */
    private boolean wasWritten(Path directory, Path file) throws IOException {
        if (python == null || !python.has("static_frame")) {
            return false;
        }
        python("StaticFrame from_npz", "hold", file);
        python("StaticFrame from_npz", "write npy", directory);
        return true;
    }

    private Object python(String program, String operation, Path path) throws IOException {
        return Objects.requireNonNull(python).call(program, operation, path);
    }

    private void read(Path file, Path feather) throws Exception {
        Turns turns = turns();
        Contenders.Reader stock = Contenders.reader(FileForm.FEATHER, "ArrowFileReader");
        try (NpzFile archive = NpzFile.open(allocator, file)) {
            turns.floor("floor: mmap + touch", () -> ArticleFloors.mapAndTouch(allocator, file));
            turns.add("floor: strips + touch", () -> ArticleFloors.readAndTouch(file));
            turns.add("floor: decoding the labels", () -> labels(archive));
            turns.add("open alone", () -> {
                try (Frame frame = Frames.open(allocator, file)) {
                    frame.rowCount();
                }
            });
            if (title.startsWith("uniform")) {
                turns.add("open + block(0) + every value", () -> block(file));
            }
            if (title.equals("uniform tall")) {
                turns.add(
                        "open + 3 of 100 columns",
                        () -> root(file, ReadOptions.defaults().withPositions(THREE)));
            }
            turns.add("open + root()", () -> root(file, ReadOptions.defaults()));
            turns.add("open + root() + every value", () -> touch(file));
            turns.add("inMemory", () -> root(file, IN_MEMORY));
            turns.add("ArrowFileReader + every value", () -> stock.call().read(allocator, feather, new Checksum()));
            if (python != null && python.has("static_frame")) {
                turns.add("StaticFrame from_npz", () -> python("StaticFrame from_npz", "open", file));
                turns.add("StaticFrame from_npz + every value", () -> python("StaticFrame from_npz", "touch", file));
                turns.add("np.load", () -> python("np.load", "open", file));
            }
            turns.run();
        }
    }

    private void directory(Path directory) throws Exception {
        Turns turns = turns();
        turns.add("directory: open alone", () -> {
            try (Frame frame = Frames.open(allocator, directory)) {
                frame.rowCount();
            }
        });
        if (title.startsWith("uniform")) {
            turns.add("directory: open + block(0) + values", () -> block(directory));
        }
        turns.add("directory: open + root()", () -> root(directory, ReadOptions.defaults()));
        turns.add("directory: open + root() + values", () -> touch(directory));
        turns.add("StaticFrame from_npy", () -> python("StaticFrame from_npy", "open", directory));
        turns.add("StaticFrame from_npy + every value", () -> python("StaticFrame from_npy", "touch", directory));
        turns.add("StaticFrame from_npy_mmap", () -> python("StaticFrame from_npy_mmap", "open", directory));
        turns.add("StaticFrame from_npy_mmap + values", () -> python("StaticFrame from_npy_mmap", "touch", directory));
        turns.run();
    }

    private void root(Path file, ReadOptions options) throws IOException {
        try (Frame frame = Frames.open(allocator, file, options)) {
            frame.root();
        }
    }

    private void block(Path file) throws Exception {
        try (Frame frame = Frames.open(allocator, file);
                FieldVector block = frame.block(0)) {
            new Checksum().take(List.of(block), frame.dictionaries());
        }
    }

    private void touch(Path file) throws IOException {
        try (Frame frame = Frames.open(allocator, file)) {
            new Checksum().take(frame.root().getFieldVectors(), frame.dictionaries());
        }
    }

    /** The work on labels at an opening: reads, checks and decodes them, and finds them distinct. */
    private static int labels(NpzFile archive) throws IOException {
        LabelArray labels = LabelArray.read(archive.array("__values_columns_0__.npy"), ReadLimits.defaults());
        return new HashSet<>(labels.texts()).size();
    }

    private Turns turns() {
        return new Turns(
                title, large ? new Rounds(7, 4_000_000_000L, 3, 0) : new Rounds(40, 400_000_000L, 12, 300_000_000L));
    }
}
