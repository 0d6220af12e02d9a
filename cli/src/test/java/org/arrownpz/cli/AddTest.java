package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.npy.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code add}: arrays to an archive. */
class AddTest {
    @TempDir
    Path directory;

    private Path archive;
    private Path array;

    @BeforeEach
    void writeFiles() throws Exception {
        archive = directory.resolve("x.npz");
        array = directory.resolve("w.npy");
        Npz.save(archive, Map.of("a", new int[] {1}));
        Npy.save(array, new float[][] {{1, 2, 3}, {4, 5, 6}});
    }

    private static Cli ok(Object... arguments) {
        Cli run = Cli.run(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    private static List<String> names(Path path) throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                NumpyArrays arrays = Npz.load(allocator, path)) {
            return arrays.names();
        }
    }

    @Test
    void addsArraysByTheirFilesNameOrOneOfTheirOwn() throws Exception {
        ok("add", archive, array, "v=" + array);
        try (BufferAllocator allocator = new RootAllocator();
                NumpyArrays arrays = Npz.load(allocator, archive)) {
            assertThat(arrays.names()).containsExactly("a", "w", "v");
            assertThat(arrays.get("a").ints()).containsExactly(1);
            assertThat(arrays.get("v").header().shape()).isEqualTo(Shape.of(2, 3));
            assertThat(arrays.get("w").floats()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void writesAnotherArchiveWhereOneIsNamed() throws Exception {
        Path other = directory.resolve("y.npz");
        ok("add", archive, array, "-o", other);
        assertThat(names(archive)).containsExactly("a");
        assertThat(names(other)).containsExactly("a", "w");
        Cli again = Cli.run("add", archive, array, "-o", other);
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("--force");
        ok("add", archive, "a=" + array, "-o", other, "--force");
        assertThat(names(other)).containsExactly("a");
    }

    @Test
    void keepsFramesReadable() throws Exception {
        Path csv = Files.write(directory.resolve("t.csv"), List.of("a,b", "1,x", "2,y"));
        Path frame = directory.resolve("t.npz");
        ok("convert", csv, frame);
        String rows = ok("cat", "--json", frame).out();
        ok("add", frame, array);
        assertThat(ok("cat", "--json", frame).out()).isEqualTo(rows);
        assertThat(names(frame)).contains("w");
    }

    @Test
    void refusesToReplaceWhatAFrameIsMadeOf() throws Exception {
        Path csv = Files.write(directory.resolve("t.csv"), List.of("a,b", "1,x", "2,y"));
        Path frame = directory.resolve("t.npz");
        ok("convert", csv, frame);
        byte[] before = Files.readAllBytes(frame);
        for (String name : List.of(
                "__blocks_0__",
                "__values_columns_0__",
                "__values_index_0__",
                "__meta__",
                "__meta__.json",
                "__blocks_7__")) {
            Cli run = Cli.run("add", frame, name + "=" + array, "--force");
            assertThat(run.code()).as(name).isNotZero();
            assertThat(run.err()).contains(name).contains("frame");
        }
        assertThat(frame).hasBinaryContent(before);
    }

    @Test
    void refusesNamesThatAreTakenAndWhatIsNoArray() throws Exception {
        byte[] before = Files.readAllBytes(archive);
        Cli taken = Cli.run("add", archive, "a=" + array);
        assertThat(taken.code()).isNotZero();
        assertThat(taken.err()).contains("'a.npy' already").contains("--force");
        Cli unfit = Cli.run("add", archive, "../a=" + array);
        assertThat(unfit.code()).isNotZero();
        assertThat(unfit.err()).contains("'..' step");
        assertThat(Cli.run("add", archive, array, array).err()).contains("two arrays are called 'w'");
        assertThat(Cli.run("add", archive, archive).err()).contains("arrays of .npy files");
        assertThat(Cli.run("add", array, array).err()).contains("to an .npz file");
        assertThat(Cli.run("add", archive, array, "-o", directory.resolve("z.npy"))
                        .err())
                .contains("to an .npz file");
        assertThat(Cli.run("add", archive).code()).isEqualTo(2);
        assertThat(Cli.run("add", archive, directory.resolve("none.npy")).code())
                .isNotZero();
        assertThat(archive).hasBinaryContent(before);
    }
}
