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
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Tables;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code paste}, and matrices as columns of vectors. */
class PasteTest {
    @TempDir
    Path directory;

    private Path matrix;
    private Path ids;

    @BeforeEach
    void writeFiles() throws Exception {
        matrix = directory.resolve("embedding.npy");
        ids = directory.resolve("ids.npy");
        Npy.save(matrix, new float[][] {{1, 2, 3}, {4, 5, 6}});
        Npy.save(ids, new long[] {7, 8});
    }

    private static Cli ok(Object... arguments) {
        Cli run = Cli.run(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    private void assertArrays(Path archive, String vectors) throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                NumpyArrays arrays = Npz.load(allocator, archive)) {
            assertThat(arrays.names()).containsExactly("ids", vectors);
            assertThat(arrays.get(vectors).header().shape()).isEqualTo(Shape.of(2, 3));
            assertThat(arrays.get(vectors).floats()).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(arrays.get("ids").longs()).containsExactly(7, 8);
        }
    }

    @Test
    void putsArraysSideBySideInAnyFormat() throws Exception {
        Path table = directory.resolve("table.parquet");
        ok("paste", ids, matrix, "-o", table);
        assertThat(ok("head", "--json", table).out()).contains("{\"ids\":7,\"embedding\":[1.0,2.0,3.0]}");
        Path feather = directory.resolve("table.feather");
        ok("paste", ids, "v=" + matrix, "-o", feather);
        Path archive = directory.resolve("table.npz");
        ok("convert", feather, archive);
        assertArrays(archive, "v");
    }

    @Test
    void keepsArraysOnTheWayToAnArchive() throws Exception {
        Path archive = directory.resolve("table.npz");
        ok("paste", ids, matrix, "-o", archive);
        assertArrays(archive, "embedding");
        Path more = directory.resolve("more.npz");
        ok("paste", archive, "w=" + matrix, "-o", more);
        try (BufferAllocator allocator = new RootAllocator();
                NumpyArrays arrays = Npz.load(allocator, more)) {
            assertThat(arrays.names()).containsExactly("ids", "embedding", "w");
        }
    }

    @Test
    void pastesTablesBesideArraysIntoAnArchiveOfArrays() throws Exception {
        Path table = directory.resolve("ids.csv");
        Files.write(table, List.of("ids", "7", "8"));
        Path archive = directory.resolve("table.npz");
        ok("paste", table, matrix, "-o", archive);
        assertArrays(archive, "embedding");
    }

    @Test
    void refusesWhatDoesNotGoTogether() throws Exception {
        Path longer = directory.resolve("longer.npy");
        Npy.save(longer, new long[] {1, 2, 3});
        for (String target : new String[] {"x.npz", "x.feather"}) {
            Path path = directory.resolve(target);
            Cli rows = Cli.run("paste", ids, longer, "-o", path);
            assertThat(rows.code()).isEqualTo(1);
            assertThat(rows.err()).contains("FRAME_SHAPE").contains("as many rows");
            Cli names = Cli.run("paste", ids, "ids=" + matrix, "-o", path);
            assertThat(names.code()).isNotZero();
            assertThat(names.err()).contains("'ids' is in");
            assertThat(path).doesNotExist();
        }
        assertThat(Cli.run("paste", ids, ids, "-o", "y.npz").err()).contains("named twice");
        assertThat(Cli.run("paste", "a=", "-o", "y.npz").err()).contains("without a path");
        assertThat(Cli.run("paste", "a=" + directory.resolve("t.csv"), "-o", "y.npz")
                        .err())
                .contains("names the array of an .npy file");
        assertThat(Cli.run("paste", ids, "-o", matrix).err()).contains("--force");
        assertThat(Cli.run("paste", ids).code()).isEqualTo(2);
    }

    @Test
    void readsAMatrixAsVectors() throws Exception {
        assertThat(ok("schema", "--vectors", "v", matrix).out()).contains("v: FixedSizeList(3)");
        Path feather = directory.resolve("v.feather");
        Path archive = directory.resolve("v.npz");
        Path array = directory.resolve("v.npy");
        ok("convert", "--vectors", "v", matrix, feather);
        ok("convert", "--vectors", "v", matrix, archive);
        ok("convert", feather, array);
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Tables.read(allocator, feather);
                NumpyArrays arrays = Npz.load(allocator, archive);
                NumpyArray back = Npy.load(allocator, array)) {
            assertThat(frame.columnNames()).containsExactly("v");
            assertThat(arrays.names()).containsExactly("v");
            assertThat(back.header().shape()).isEqualTo(Shape.of(2, 3));
            assertThat(back.floats()).containsExactly(1, 2, 3, 4, 5, 6);
        }
        Path uneven = directory.resolve("uneven.npz");
        Npz.save(uneven, Map.of("m", new int[][] {{1, 2}}, "k", new int[] {1, 2, 3}));
        assertThat(ok("head", "--json", "--array", "m", "--vectors", "w", uneven)
                        .out())
                .contains("{\"w\":[1,2]}");
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, matrix)) {
            assertThat(frame.columnNames()).hasSize(3);
        }
    }
}
