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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code concat}. */
class ConcatTest {
    @TempDir
    Path directory;

    private static void ok(Object... arguments) {
        Cli run = Cli.run(arguments);
        assertThat(run.code()).as(run.err()).isZero();
    }

    @Test
    void keepsLabelsAndNames() throws Exception {
        Path prices = Cli.sample("prices.npz", directory);
        Path feather = directory.resolve("prices.feather");
        ok("convert", prices, feather);
        for (String name : new String[] {"twice.npz", "twice.feather", "twice.parquet"}) {
            Path target = directory.resolve(name);
            ok("concat", prices, feather, prices, "-o", target);
            try (BufferAllocator allocator = new RootAllocator();
                    Frame one = Frames.open(allocator, prices);
                    Frame all = Tables.read(allocator, target)) {
                assertThat(all.rowCount()).isEqualTo(3 * one.rowCount());
                assertThat(all.columnNames()).isEqualTo(one.columnNames());
                assertThat(all.indexLevels()).isEqualTo(one.indexLevels());
                assertThat(all.name()).isEqualTo(one.name());
                for (int column = 0; column < one.root().getFieldVectors().size(); column++) {
                    int last = (int) one.rowCount() - 1;
                    assertThat(all.column(column).getObject(3 * last + 2))
                            .isEqualTo(one.column(column).getObject(last));
                }
            }
        }
    }

    @Test
    void putsMatricesTogetherAsOneArray() throws Exception {
        Path matrix = directory.resolve("m.npy");
        Path target = directory.resolve("all.npy");
        Path archive = directory.resolve("all.npz");
        Npy.save(matrix, new float[][] {{1, 2, 3}, {4, 5, 6}});
        ok("concat", matrix, matrix, "-o", target);
        ok("concat", matrix, matrix, "-o", archive);
        try (BufferAllocator allocator = new RootAllocator();
                NumpyArray array = Npy.load(allocator, target);
                NumpyArrays arrays = Npz.load(allocator, archive)) {
            assertThat(array.shape()).isEqualTo(Shape.of(4, 3));
            assertThat(array.floats()).containsExactly(1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6);
            assertThat(arrays.get("arr_0").shape()).isEqualTo(Shape.of(4, 3));
        }
    }

    @Test
    void keepsArchivesOfArraysAndWidensText() throws Exception {
        Path first = directory.resolve("first.npz");
        Path second = directory.resolve("second.npz");
        Path target = directory.resolve("both.npz");
        Npz.save(first, Map.of("t", new String[] {"a", "bc"}));
        Npz.save(second, Map.of("t", new String[] {"longer"}));
        ok("concat", first, second, "-o", target);
        try (BufferAllocator allocator = new RootAllocator();
                NumpyArrays arrays = Npz.load(allocator, target)) {
            assertThat(arrays.get("t").strings()).containsExactly("a", "bc", "longer");
        }
    }

    @Test
    void refusesOtherColumns() throws Exception {
        Path first = directory.resolve("first.npz");
        Path second = directory.resolve("second.npz");
        Path target = directory.resolve("both.npz");
        Npz.save(first, Map.of("t", new int[] {1}));
        Npz.save(second, Map.of("t", new long[] {1}));
        Cli types = Cli.run("concat", first, second, "-o", target);
        assertThat(types.code()).isNotZero();
        assertThat(types.err()).contains("second.npz").contains("is not");
        Files.write(directory.resolve("two.csv"), List.of("t,u", "1,2"));
        assertThat(Cli.run("concat", first, directory.resolve("two.csv"), "-o", target)
                        .err())
                .contains("2 columns");
        assertThat(target).doesNotExist();
    }
}
