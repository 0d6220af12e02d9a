package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a written file does not show NumPy and StaticFrame as it is, which every verb that writes one tells. */
class WriteNotesTest {
    @TempDir
    Path directory;

    private Path source;
    private Path lists;
    private Path keys;

    @BeforeEach
    void writeSources() throws Exception {
        source = directory.resolve("source.feather");
        lists = directory.resolve("lists.feather");
        keys = directory.resolve("keys.feather");
        try (BufferAllocator allocator = new RootAllocator()) {
            BigIntVector key = new BigIntVector("k", allocator);
            BigIntVector integer = new BigIntVector("i", allocator);
            BitVector truth = new BitVector("b", allocator);
            VarCharVector text = new VarCharVector("s", allocator);
            Float8Vector real = new Float8Vector("f", allocator);
            DecimalVector decimal = new DecimalVector("d", allocator, 9, 2);
            TimeStampMicroTZVector time = new TimeStampMicroTZVector(
                    Field.nullable("t", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "Europe/Berlin")), allocator);
            for (int row = 0; row < 4; row++) {
                key.setSafe(row, row);
                if (row == 1 || row == 2) {
                    integer.setSafe(row, row);
                    truth.setSafe(row, 1);
                    decimal.setSafe(row, row);
                    time.setSafe(row, row);
                }
                if (row > 0) {
                    text.setSafe(row, "abc".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    real.setSafe(row, row);
                }
            }
            write(allocator, source, key, integer, truth, text, real, decimal, time);
        }
        try (BufferAllocator allocator = new RootAllocator()) {
            BigIntVector other = new BigIntVector("other", allocator);
            for (int row = 0; row < 4; row++) {
                other.setSafe(row, row);
            }
            write(allocator, keys, other);
        }
        assertThat(Cli.run("pack", source, lists, "--by", "k").err()).isEmpty();
    }

    private static void write(BufferAllocator allocator, Path target, FieldVector... vectors) throws Exception {
        for (FieldVector vector : vectors) {
            vector.setValueCount(4);
        }
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(vectors));
                Frame frame = Frame.of(root)) {
            Ipc.write(frame, target, IpcOptions.defaults());
        }
    }

    /** Each verb that writes a frame: what it is called with before and after the source and the target. */
    static Stream<List<String>> verbs() {
        return Stream.of(
                List.of("convert", "SOURCE", "TARGET"),
                List.of("convert", "SOURCE", "TARGET", "--index", "k"),
                List.of("convert", "SOURCE", "DIRECTORY/"),
                List.of("convert", "PARQUET", "TARGET"),
                List.of("unpack", "LISTS", "TARGET"),
                List.of("paste", "SOURCE", "KEYS", "-o", "TARGET"),
                List.of("paste", "SOURCE", "KEYS", "-o", "TARGET", "--index", "other"),
                List.of("concat", "SOURCE", "-o", "TARGET"),
                List.of("concat", "SOURCE", "-o", "TARGET", "--name", "n"),
                List.of("sql", "SELECT * FROM 'SOURCE'", "-o", "TARGET"),
                List.of("pack", "WITHEVENTS", "TARGET", "--by", "k", "--carry", "i,b,s,f,d,t"),
                List.of("pack", "WITHEVENTS", "TARGET", "--by", "k", "--carry", "i,b,s,f,d,t", "--order", "sort"));
    }

    @ParameterizedTest
    @MethodSource("verbs")
    @DisplayName("A8: nulls, zones and hidden columns are told by every verb that writes")
    void everyVerbTellsAllThatTheReportKnows(List<String> verb) {
        Path parquet = directory.resolve("source.parquet");
        Path events = directory.resolve("events.feather");
        assertThat(Cli.run("convert", source, parquet).code()).isZero();
        assertThat(Cli.run("paste", source, keys, "-o", events).code()).isZero();
        List<Object> arguments = new ArrayList<>();
        for (String argument : verb) {
            arguments.add(argument.replace("SOURCE", source.toString())
                    .replace("WITHEVENTS", events.toString())
                    .replace("LISTS", lists.toString())
                    .replace("KEYS", keys.toString())
                    .replace("PARQUET", parquet.toString())
                    .replace("DIRECTORY", directory.resolve("frame").toString())
                    .replace("TARGET", directory.resolve("target.npz").toString()));
        }
        Cli run = Cli.run(arguments.toArray());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err())
                .containsOnlyOnce("for nulls of 4 columns: i (2 as 0), b (2 as False), s (1 as ''), f (1 as NaN)")
                .containsPattern("will not see (column d|2 columns: d, other)")
                .contains("another type of column t (<M8[us]: NumPy has no time zones")
                .hasLineCount(3);
    }

    @Test
    @DisplayName("A8: packed lists and their keys")
    void packTellsOfKeysAndLists() {
        Path target = directory.resolve("packed.npz");
        Cli run = Cli.run("pack", source, target, "--by", "i", "--pack", "k", "--null-keys", "keep");
        assertThat(run.err()).contains("nulls of column i (1 as 0)").contains("will not see column k");
    }

    @Test
    @DisplayName("A8: nothing is said where nothing is lost")
    void formatsThatHoldAllAreWrittenWithoutAWord() {
        for (String name : List.of("x.parquet", "x.feather", "x.arrows")) {
            assertThat(Cli.run("convert", source, directory.resolve(name)).err())
                    .isEmpty();
        }
        Path plain = directory.resolve("keys.npz");
        assertThat(Cli.run("convert", keys, plain).err()).isEmpty();
        Path target = directory.resolve("aligned.npz");
        assertThat(Cli.run("align", plain, target).err()).isEmpty();
    }

    @Test
    void alignTellsWhatIsNotSeenOfTheFileAndRefusesItWhenStrict() {
        Path table = directory.resolve("table.npz");
        Path aligned = directory.resolve("aligned.npz");
        assertThat(Cli.run("convert", source, table).code()).isZero();
        Cli strict = Cli.run("align", "--strict", table, aligned);
        assertThat(strict.code()).isEqualTo(2);
        assertThat(strict.err()).contains("will not see column d").contains("--strict");
        assertThat(aligned).doesNotExist();
        Cli run = Cli.run("align", table, aligned);
        assertThat(run.code()).isZero();
        assertThat(run.err().lines())
                .anyMatch(line -> line.endsWith("aligned.npz: NumPy and StaticFrame will not see column d"))
                .anyMatch(line -> line.contains("will see values for nulls of") && line.contains("i"))
                .anyMatch(line -> line.contains("will see another type of") && line.contains("t"));
        assertThat(Cli.run("align", "--strict", Cli.sample("prices.npz", directory), aligned, "--force")
                        .code())
                .isZero();
    }
}
