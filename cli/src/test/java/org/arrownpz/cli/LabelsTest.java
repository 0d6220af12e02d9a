package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --index} and {@code --name} of the verbs that write tables. */
class LabelsTest {
    @TempDir
    Path directory;

    private Path table;

    @BeforeEach
    void writeTable() throws Exception {
        table = Files.write(directory.resolve("t.csv"), List.of("k,d,v", "a,2024-01-01,1", "b,2024-01-02,2"));
    }

    private static void ok(Object... arguments) {
        Cli run = Cli.run(arguments);
        assertThat(run.code()).as(run.err()).isZero();
    }

    /** Name, index levels and fields of a frame. */
    private String described(Path path) throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, path)) {
            List<String> fields = new ArrayList<>();
            for (Field field : frame.schema().getFields()) {
                fields.add(field.getName());
            }
            return frame.name() + " " + frame.indexLevels() + " " + fields;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npz", "x.feather", "x.arrows", "x.parquet", "x/"})
    void convertKeepsLabelsWhereTheTargetDoes(String name) throws Exception {
        String target = directory + "/" + name;
        ok("convert", "--index", "d,k", "--name", "prices", table, target);
        Path back = directory.resolve("back.npz");
        ok("convert", target, back);
        assertThat(described(back)).contains("prices").endsWith(" 2 [d, k, v]");
        Path replaced = directory.resolve("replaced.npz");
        ok("convert", "--index", "v", back, replaced);
        assertThat(described(replaced)).contains("prices").endsWith(" 1 [v]");
    }

    @Test
    void packNamesItsResultReadInOnePieceOrInBatches() throws Exception {
        Path feather = directory.resolve("t.feather");
        ok("convert", table, feather);
        for (Path source : List.of(table, feather)) {
            Path target = directory.resolve("packed.npz");
            ok("pack", source, target, "--by", "k", "--index", "k", "--name", "events", "--force");
            assertThat(described(target)).contains("events").endsWith(" 1 [k, d, v]");
        }
    }

    @Test
    void sqlNamesItsResult() throws Exception {
        Path target = directory.resolve("s.npz");
        ok("sql", "SELECT v, k FROM t", "--table", "t=" + table, "-o", target, "--index", "k", "--name", "answer");
        assertThat(described(target)).contains("answer").endsWith(" 1 [k, v]");
        ok("sql", "SELECT v, k FROM t", "--table", "t=" + table, "-o", target, "--name", "bare", "--force");
        assertThat(described(target)).contains("bare").endsWith(" 0 [v, k]");
    }

    @Test
    void arraysBecomeAFrameWhereLabelsAreAskedFor() throws Exception {
        Path ids = directory.resolve("ids.npy");
        Path values = directory.resolve("values.npy");
        Npy.save(ids, new long[] {7, 8});
        Npy.save(values, new float[] {1, 2});
        Path archive = directory.resolve("arrays.npz");
        ok("paste", ids, values, "-o", archive);
        Path target = directory.resolve("frame.npz");
        ok("convert", archive, target, "--index", "ids");
        assertThat(described(target)).endsWith(" 1 [ids, values]");
        ok("paste", ids, values, "-o", target, "--index", "ids", "--name", "pasted", "--force");
        assertThat(described(target)).contains("pasted").endsWith(" 1 [ids, values]");
        ok("concat", ids, ids, "-o", target, "--name", "twice", "--force");
        assertThat(described(target)).contains("twice");
        try (BufferAllocator allocator = new RootAllocator()) {
            Npz.load(allocator, target).close();
        }
    }

    @Test
    void refusesLabelsThatWouldBeLost() {
        for (String name : new String[] {"x.npy", "x.csv", "x.json"}) {
            for (String[] flag : new String[][] {{"--index", "k"}, {"--name", "n"}}) {
                Cli run = Cli.run("convert", flag[0], flag[1], table, directory.resolve(name));
                assertThat(run.code()).isEqualTo(2);
                assertThat(run.err())
                        .contains(flag[0] + " is for files that keep labels")
                        .contains(name);
            }
        }
        Cli arrays = Cli.run("convert", "--form", "arrays", "--name", "n", table, directory.resolve("x.npz"));
        assertThat(arrays.code()).isEqualTo(2);
        assertThat(arrays.err()).contains("--form arrays");
        assertThat(Cli.run("pack", table, "--by", "k", "--index", "k").err()).contains("--index is for files");
        assertThat(Cli.run("pack", table, "--by", "k", "--name", "k").err()).contains("--name is for files");
        Cli unknown = Cli.run("convert", "--index", "q", table, directory.resolve("x.npz"));
        assertThat(unknown.code()).isNotZero();
        assertThat(unknown.err()).contains("q");
        assertThat(directory.resolve("x.npz")).doesNotExist();
    }
}
