package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.compare.Comparison.Fidelity;
import org.arrownpz.compare.Comparison.Operation;
import org.arrownpz.compare.Comparison.Result;
import org.arrownpz.compare.fixture.FrameFixture;
import org.arrownpz.frame.Frame;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadToHeadTest {
    private static final FileForm[] TAKE_PART = {
        FileForm.NPZ_STATIC_FRAME,
        FileForm.NPZ_ALIGNED,
        FileForm.NPZ_DEFLATED,
        FileForm.NPY_DIRECTORY,
        FileForm.FEATHER,
        FileForm.FEATHER_LZ4,
        FileForm.FEATHER_ZSTD,
        FileForm.PARQUET,
        FileForm.PARQUET_ZSTD
    };

    @TempDir
    Path directory;

    private Comparison compare(Frame frame, BufferAllocator allocator) throws NpzException {
        HeadToHead contest = HeadToHead.defaults().withRounds(1).withDirectory(directory);
        Comparison comparison = contest.compare("a table", frame, allocator);
        assertThat(directory).isEmptyDirectory();
        return comparison;
    }

    private Comparison compare(String dsl) throws NpzException {
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = FrameFixture.parse(dsl).frame(allocator)) {
            return compare(frame, allocator);
        }
    }

    private static Fidelity fidelity(Comparison comparison, FileForm form) {
        return comparison.fidelity().stream()
                .filter(one -> one.form() == form)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void letsEverybodyWriteAndReadEveryFormAndAgreeOnTheValues() throws NpzException {
        Comparison comparison = compare("s(50,8)|v(int,bool,float,float,str,dtus)|i(ID,dtD)|c(I,str)");
        assertThat(comparison.missing()).isEmpty();
        assertThat(comparison.sizes()).containsOnlyKeys(TAKE_PART);
        Map<Boolean, List<Result>> byKind = comparison.results().stream()
                .filter(result -> result.form() != null)
                .collect(Collectors.partitioningBy(result -> result.time(Operation.WRITE) != null));
        assertThat(byKind.get(true)).extracting(Result::program).contains("Frames.write", "ArrowFileWriter");
        assertThat(byKind.get(true)).extracting(Result::form).contains(TAKE_PART);
        List<Result> readers = byKind.get(false);
        assertThat(readers)
                .extracting(Result::program)
                .contains(
                        "Frames.open",
                        "Ipc.read",
                        "ArrowFileReader",
                        "dataset",
                        "dataset ?use_mmap",
                        "Parquet.read",
                        "DuckDB read_parquet");
        assertThat(readers).extracting(Result::checksum).containsOnly(comparison.checksum());
        assertThat(readers)
                .allSatisfy(reader ->
                        assertThat(reader.times()).containsKeys(Operation.OPEN, Operation.CELL, Operation.TOUCH));
        assertThat(readers)
                .filteredOn(reader -> reader.time(Operation.TAKE) != null && reader.time(Operation.OPEN_TAKE) != null)
                .extracting(reader -> reader.program() + ", " + reader.form())
                .containsExactlyInAnyOrder(
                        "Frames.open, NPZ_ALIGNED",
                        "Ipc.read, FEATHER",
                        "ArrowFileReader, FEATHER",
                        "dataset, FEATHER",
                        "dataset ?use_mmap, FEATHER",
                        "dataset, PARQUET");
        for (String floor : Set.of(
                Comparison.COPY_FLOOR,
                Comparison.MAP_FLOOR,
                Comparison.READ_FLOOR,
                Comparison.STRIP_FLOOR,
                Comparison.WRITE_FLOOR)) {
            assertThat(comparison.floor(floor)).as(floor).isNotNull();
        }
        assertThat(comparison.readFloor()).isIn(Comparison.READ_FLOOR, Comparison.STRIP_FLOOR);
        assertThat(comparison.verdict()).hasSizeBetween(1, 3);
    }

    @Test
    void letsPythonReadToo() throws NpzException {
        String clients = System.getenv("ARROW_NPZ_CLIENTS");
        Assumptions.assumeTrue(clients != null && !clients.isEmpty(), "no clients");
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = FrameFixture.parse("s(50,8)|v(int,bool,float,float,str,dtus)|i(I,str)|c(I,str)")
                        .frame(allocator)) {
            HeadToHead contest =
                    HeadToHead.defaults().withRounds(1).withDirectory(directory).withPython(clients);
            Comparison comparison = contest.compare("a table", frame, allocator);
            assertThat(comparison.missing()).isEmpty();
            for (String program : List.of(
                    "StaticFrame from_npz",
                    "StaticFrame from_npy",
                    "StaticFrame from_npy_mmap",
                    "pandas.read_feather",
                    "pandas.read_parquet")) {
                assertThat(comparison.results())
                        .filteredOn(result -> result.program().equals(program))
                        .isNotEmpty()
                        .allSatisfy(result -> {
                            assertThat(result.times())
                                    .containsOnlyKeys(Operation.OPEN, Operation.CELL, Operation.TOUCH);
                            // The texts of two columns, and the index.
                            assertThat(result.notes()).hasSize(1);
                        });
            }
            assertThat(comparison.results())
                    .filteredOn(result -> result.program().equals("StaticFrame to_npz"))
                    .singleElement()
                    .satisfies(result -> assertThat(result.times()).containsOnlyKeys(Operation.WRITE));
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void saysThatAPythonIsMissing() throws NpzException {
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = FrameFixture.parse("s(3,2)").frame(allocator)) {
            HeadToHead contest = HeadToHead.defaults()
                    .withRounds(1)
                    .withDirectory(directory)
                    .withPython(directory.resolve("python").toString());
            assertThat(contest.compare("a table", frame, allocator).missing())
                    .singleElement()
                    .asString()
                    .startsWith("pandas, StaticFrame and NumPy: ")
                    .contains("cannot be started");
        }
    }

    @Test
    void marksWhatIsMappedAsLazy() throws NpzException {
        Comparison comparison = compare("s(20000,8)|v(float)");
        for (Result result : comparison.results()) {
            if (result.form() == FileForm.NPZ_ALIGNED && result.program().equals("Frames.open")) {
                assertThat(result.lazy()).isGreaterThan(0.8);
            }
            if (result.form() == FileForm.NPZ_STATIC_FRAME || result.program().equals("ArrowFileReader")) {
                assertThat(result.isLazy())
                        .as("blocks row by row are copied, and ArrowFileReader copies")
                        .isFalse();
            }
        }
    }

    @Test
    void losesNothingInOurOwnHandsAndSaysWhatOthersDoNotSee() throws NpzException {
        try (BufferAllocator allocator = new RootAllocator();
                Frame fixture = FrameFixture.parse("s(6,4)|v(tds,float16,int,int)|i(IY,dtY)|c(ID,dtD)")
                        .frame(allocator);
                Frame frame = fixture.withName("prices")) {
            Comparison comparison = compare(frame, allocator);
            assertThat(comparison.fidelity())
                    .allSatisfy(
                            one -> assertThat(one.lost()).as(one.form().label()).isEmpty());
            assertThat(fidelity(comparison, FileForm.NPZ_ALIGNED).lostElsewhere())
                    .isEmpty();
            List<String> feather = fidelity(comparison, FileForm.FEATHER).lostElsewhere();
            assertThat(feather)
                    .contains(
                            "the frame's name",
                            "class of the index: IndexYear becomes IndexDate",
                            "blocks of several columns")
                    .noneMatch(text -> text.contains("Duration"));
            assertThat(fidelity(comparison, FileForm.PARQUET).lostElsewhere())
                    .contains("the frame's name")
                    .noneMatch(text -> text.contains("Duration"));
        }
    }

    @Test
    void comparesFramesOfSeveralRowGroups() throws NpzException {
        Comparison comparison = compare("s(70000,2)|v(int,str)|c(I,str)");
        assertThat(comparison.results().stream().filter(result -> result.checksum() != null))
                .extracting(Result::checksum)
                .containsOnly(comparison.checksum());
    }

    @Test
    void goesOnWithoutFormsThatCannotHoldTheFrame() throws NpzException {
        Comparison comparison = compare("s(5,2)|v(object,int)");
        assertThat(comparison.sizes()).doesNotContainKey(FileForm.PARQUET).containsKey(FileForm.NPZ_ALIGNED);
        assertThat(comparison.missing()).anyMatch(text -> text.startsWith("Parquet Snappy: "));
        assertThat(fidelity(comparison, FileForm.NPZ_ALIGNED).lostElsewhere())
                .containsExactly("1 column held as Arrow buffers");
    }

    @Test
    void comparesFramesWithoutRows() throws NpzException {
        Comparison comparison = compare("s(0,3)|v(int,float,bool)");
        assertThat(comparison.rows()).isZero();
        assertThat(comparison.results())
                .noneMatch(result -> result.time(Operation.CELL) != null || result.time(Operation.TAKE) != null);
    }

    @Test
    void comparesFramesWithNulls() throws NpzException, IOException {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = FrameFixture.taxi(allocator, 100)) {
            root.getVector("passenger_count").setNull(3);
            root.getVector("vendor_id").setNull(4);
            root.getVector("pickup_datetime").setNull(5);
            try (Frame frame = Frame.of(root)) {
                Comparison comparison = compare(frame, allocator);
                assertThat(comparison.results().stream().filter(result -> result.checksum() != null))
                        .extracting(Result::checksum)
                        .containsOnly(comparison.checksum());
                assertThat(fidelity(comparison, FileForm.NPZ_ALIGNED).lostElsewhere())
                        .containsExactly("which values are null (2 columns)");
            }
        }
    }

    @Test
    void tellsWhatGoesOn() throws NpzException {
        List<String> told = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = FrameFixture.parse("s(3,2)").frame(allocator)) {
            HeadToHead.defaults()
                    .withRounds(1)
                    .withDirectory(directory)
                    .withProgress(told::add)
                    .compare("a table", frame, allocator);
        }
        assertThat(told).contains("writing Parquet Snappy", "round 1 of 1, one cell, Frames.open of NPZ aligned");
    }

    @Test
    void leavesNothingBehindWhereItFails() throws NpzException, IOException {
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = FrameFixture.parse("s(9000,10)|v(float,int)").frame(allocator)) {
            // Frames are written without allocating; reading them back needs more than this.
            try (BufferAllocator small = allocator.newChildAllocator("small", 0, 100_000)) {
                NpzException e = catchThrowableOfType(
                        NpzException.class,
                        () -> HeadToHead.defaults()
                                .withRounds(1)
                                .withDirectory(directory)
                                .compare("a table", frame, small));
                assertThat(e.code()).isEqualTo(ErrorCode.LIMIT);
            }
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void saysWhereItsFilesCannotLie() {
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = FrameFixture.parse("s(3,2)").frame(allocator)) {
            NpzException e = catchThrowableOfType(
                    NpzException.class,
                    () -> HeadToHead.defaults()
                            .withDirectory(directory.resolve("absent"))
                            .compare("a table", frame, allocator));
            assertThat(e.code()).isEqualTo(ErrorCode.IO);
        } catch (NpzException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void knowsTheArticlesPanels() {
        assertThat(FrameFixture.panel("1e6", false).values())
                .hasSize(9)
                .extracting(FrameFixture::dsl)
                .contains(
                        "s(100,10000)|v(int,bool,float)|i(I,int)|c(I,str)", "s(10000,100)|v(float)|i(I,int)|c(I,str)");
        Map<String, FrameFixture> large = FrameFixture.panel("1e8", true);
        assertThat(large.values())
                .hasSize(9)
                .extracting(FrameFixture::dsl)
                .contains(
                        "s(1000,100000)|v(int,bool,float)|i(I,int)|c(I,str)",
                        "s(100000,1000)|v(float)|i(I,int)|c(I,str)");
        assertThat(FrameFixture.panel("1e8", false)).containsOnlyKeys("uniform square", "columnar tall");
        assertThat(large).containsKeys("uniform square", "columnar tall");
    }
}
