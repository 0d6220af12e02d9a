package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.Safetensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verb nearest. */
class NearestTest {
    private static final float[][] ROWS = {{1, 0}, {0, 2}, {3, 3}, {0, 0}, {-1, 0}, {1, 0}};

    @TempDir
    Path directory;

    private Path matrix;

    @BeforeEach
    void writeMatrix() throws Exception {
        matrix = directory.resolve("matrix.npy");
        Npy.save(matrix, ROWS);
    }

    private static List<Integer> rows(Cli run) {
        assertThat(run.code()).as(run.err()).isZero();
        return run.lines().stream().map(line -> line.get("row").intValue()).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "cosine, 0 5 2 1 4 3",
        "dot, 2 0 5 1 3 4",
        "l2, 0 5 3 4 1 2",
    })
    void ranksByEachMetric(String metric, String expected) {
        List<Integer> found = rows(Cli.run("nearest", matrix, "--to", 0, "--metric", metric));
        assertThat(found.stream().map(String::valueOf).toList()).isEqualTo(List.of(expected.split(" ")));
        assertThat(rows(Cli.run("nearest", matrix, "--to", -1, "-k", 2, "--metric", metric)))
                .isEqualTo(found.subList(0, 2));
    }

    @Test
    void printsScoresAsJsonOrATable() {
        assertThat(Cli.run("nearest", matrix, "--to", 0, "--metric", "l2", "-k", 3)
                        .out())
                .isEqualTo("{\"row\":0,\"score\":0.0}\n{\"row\":5,\"score\":0.0}\n{\"row\":3,\"score\":1.0}\n");
        assertThat(Cli.run("nearest", matrix, "--to", 0).out()).endsWith("{\"row\":3,\"score\":\"NaN\"}\n");
        String table = Cli.onTerminal("nearest", matrix, "--to", 0, "--metric", "l2", "-k", 3)
                .out();
        assertThat(table.lines().map(String::strip))
                .contains("0  0.0", "5  0.0", "3  1.0")
                .first()
                .asString()
                .contains("row", "l2");
        assertThat(Cli.onTerminal("nearest", matrix, "--to", 0, "-k", 1, "--json")
                        .out())
                .startsWith("{\"row\":0,");
    }

    @Test
    void takesArraysByTheirAddress() throws Exception {
        Path archive = directory.resolve("model.npz");
        Npz.save(archive, Map.of("rows", ROWS, "query", new int[] {0, 1}));
        assertThat(rows(Cli.run("nearest", archive + ":rows", "--vector", archive + ":query", "-k", 1)))
                .containsExactly(1);
        Cli run = Cli.run("nearest", archive + ":row", "--to", 0);
        assertThat(run.code()).isNotZero();
        assertThat(run.err()).contains("'row'").contains("rows");
    }

    @Test
    void takesTheVectorOfAFile() throws Exception {
        Path vector = directory.resolve("vector.npy");
        Npy.save(vector, new int[] {0, 1});
        assertThat(rows(Cli.run("nearest", matrix, "--vector", vector, "-k", 1)))
                .containsExactly(1);
        Npy.save(vector, new double[] {1, 2, 3});
        Cli run = Cli.run("nearest", matrix, "--vector", vector);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("matrix.npy").contains("3 columns").contains("(6, 2)");
    }

    @Test
    void findsTheMatrixAmongArrays() throws Exception {
        Path npz = directory.resolve("model.npz");
        Map<String, Object> arrays = Map.of("ids", new long[6], "vectors", ROWS);
        Npz.save(npz, arrays);
        Path tensors = directory.resolve("model.safetensors");
        Safetensors.save(tensors, arrays);
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Npy.save(folder.resolve("vectors.npy"), ROWS);
        Npy.save(folder.resolve("ids.npy"), new long[6]);
        for (Path file : List.of(npz, tensors, folder)) {
            assertThat(rows(Cli.run("nearest", file, "--to", 1, "-k", 1))).containsExactly(1);
            assertThat(rows(Cli.run("nearest", file, "--array", "vectors", "--to", 1, "-k", 1)))
                    .containsExactly(1);
        }
        Npz.save(npz, Map.of("one", ROWS, "other", ROWS));
        Cli several = Cli.run("nearest", npz, "--to", 1);
        assertThat(several.code()).isEqualTo(2);
        assertThat(several.err()).contains("--array").contains("one").contains("other");
    }

    @Test
    void refusesWhatItCannotLookFor() {
        assertThat(Cli.run("nearest", matrix).code()).isEqualTo(2);
        assertThat(Cli.run("nearest", matrix, "--to", 0, "--vector", matrix).code())
                .isEqualTo(2);
        assertThat(Cli.run("nearest", matrix, "--to", 0, "-k", 0).code()).isEqualTo(2);
        assertThat(Cli.run("nearest", matrix, "--to", 0, "--metric", "manhattan")
                        .code())
                .isEqualTo(2);
        Cli beyond = Cli.run("nearest", matrix, "--to", 6);
        assertThat(beyond.code()).isEqualTo(2);
        assertThat(beyond.err()).contains("6 rows");
        assertThat(Cli.run("nearest", directory.resolve("none.npy"), "--to", 0).code())
                .isEqualTo(1);
    }
}
