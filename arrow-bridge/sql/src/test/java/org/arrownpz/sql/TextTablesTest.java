package org.arrownpz.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Tables;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of CSV and JSON lines as tables. */
@ExtendWith(LeakCheck.class)
class TextTablesTest {
    @TempDir
    Path directory;

    @BeforeAll
    static void loadNativeLibraries() throws Exception {
        org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static String rows(BufferAllocator allocator, Path file) throws IOException {
        try (Frame frame = Tables.read(allocator, file)) {
            return frame.root().contentToTSVString();
        }
    }

    private static String types(BufferAllocator allocator, Path file) throws IOException {
        try (ArrowReader reader = Tables.open(allocator, file)) {
            return reader.getVectorSchemaRoot().getSchema().getFields().stream()
                    .map(field -> field.getName() + ": " + field.getType())
                    .collect(Collectors.joining("; "));
        }
    }

    private static void refuses(BufferAllocator allocator, Path file, ErrorCode code, String problem) {
        assertThatThrownBy(() -> rows(allocator, file))
                .as(file.toString())
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageContaining(problem);
    }

    @Test
    void tellsTypesByTheWholeFile(BufferAllocator allocator) throws Exception {
        Path csv = file(
                "x.csv", "i,f,b,d,t,z,s\n1,1.5,true,2020-01-31,2020-01-31 09:30:00,2020-01-31T09:30:00Z,x\n,,,,,,\n");
        assertThat(types(allocator, csv))
                .isEqualTo("i: Int(64, true); f: FloatingPoint(DOUBLE); b: Bool; d: Date(DAY); "
                        + "t: Timestamp(SECOND, null); z: Timestamp(MICROSECOND, UTC); s: Utf8");
        Path late = file("y.csv", "n\n" + "1\n".repeat(150_000) + "x\n");
        assertThat(types(allocator, late)).isEqualTo("n: Utf8");
    }

    @Test
    void readsWhatOthersWrite(BufferAllocator allocator) throws Exception {
        assertThat(rows(allocator, file("x.csv", "\ufeffa,b\r\n1,\"x\r\n\"\"y\"\"\"\r\n,\"\"\r\n")))
                .isEqualTo("a\tb\n1\tx\r\n\"y\"\nnull\t\n");
        assertThat(rows(allocator, file("x.tsv", "a\tb\n1\t2,5\n"))).isEqualTo("a\tb\n1\t2,5\n");
        assertThat(rows(allocator, file("y.csv", "a;b\n1;2\n"))).isEqualTo("a\tb\n1\t2\n");
        assertThat(rows(allocator, file("pandas.csv", ",a,A\n0,1,2\n"))).isEqualTo("column0\ta\tA\n0\t1\t2\n");
        assertThat(rows(allocator, file("none.csv", "a,b\n"))).isEqualTo("a\tb\n");
        assertThat(rows(allocator, file("null.csv", "a\n1\n\n3\n"))).isEqualTo("a\n1\nnull\n3\n");
        assertThat(rows(allocator, file("x.json", "{\"a\":1,\"o\":{\"x\":[{\"y\":1}]}}\n\n{\"new\":\"v\"}\n")))
                .isEqualTo("a\to\tnew\n1\t{\"x\":[{\"y\":1}]}\tnull\nnull\tnull\tv\n");
    }

    @ParameterizedTest
    @DisplayName("dates are those of ISO 8601: others, of which the month may be the day, stay texts")
    @ValueSource(strings = {"01/02/2020", "1.2.2020", "01-02-2020", "01/02/2020 10:00:00", "007", "+1", "2020"})
    void guessesAtNoDates(String text, BufferAllocator allocator) throws Exception {
        assertThat(rows(allocator, file("x.csv", "a,b\n" + text + ",x\n"))).isEqualTo("a\tb\n" + text + "\tx\n");
    }

    @Test
    void readsGzip(BufferAllocator allocator) throws Exception {
        for (String name : List.of("x.csv.gz", "y.csv")) {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(directory.resolve(name)))) {
                out.write("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(rows(allocator, directory.resolve("x.csv.gz"))).isEqualTo("a\tb\n1\t2\n");
        assertThat(Tables.format(Path.of("x.JSONL.GZ"))).isEqualTo("jsonl");
    }

    @Test
    void readsFilesWithUnusualNames(BufferAllocator allocator) throws Exception {
        file("a1.csv", "other\n9\n");
        for (String name :
                List.of("a b%20#'.csv", "_hidden.csv", ".dot.csv", "\u00fc\u4e2d.csv", "a?.csv", "a[1]*.csv")) {
            assertThat(rows(allocator, file(name, "a\n1\n"))).as(name).isEqualTo("a\n1\n");
        }
        Path partition = Files.createDirectories(directory.resolve("year=2020")).resolve("x.csv");
        assertThat(rows(allocator, Files.writeString(partition, "a\n1\n"))).isEqualTo("a\n1\n");
        Path link = Files.createSymbolicLink(directory.resolve("link.csv"), partition);
        assertThat(rows(allocator, link)).isEqualTo("a\n1\n");
    }

    @Test
    void readsFilesOfOtherFileSystems(BufferAllocator allocator) throws Exception {
        URI zip = URI.create("jar:" + directory.resolve("x.zip").toUri());
        try (FileSystem system = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            Path csv = Files.writeString(system.getPath("x.csv"), "a\n1\n");
            assertThat(rows(allocator, csv)).isEqualTo("a\n1\n");
        }
    }

    @Test
    void readsTheColumnsThatAreAskedFor(BufferAllocator allocator) throws Exception {
        for (Path file : List.of(file("x.json", "{\"a\":1,\"b\":[1],\"d\":3}\n"), file("x.csv", "a,b,d\n1,x,3\n"))) {
            try (ArrowReader reader =
                    Tables.open(allocator, file, ReadOptions.defaults().withColumns(List.of("d", "a")))) {
                reader.loadNextBatch();
                assertThat(reader.getVectorSchemaRoot().contentToTSVString()).isEqualTo("d\ta\n3\t1\n");
            }
            for (List<String> wrong : List.of(List.of("a", "a"), List.of("A"))) {
                assertThatThrownBy(() -> Tables.open(
                                allocator, file, ReadOptions.defaults().withColumns(wrong)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(wrong.size() > 1 ? "selected twice: column 'a'" : "no column 'A'");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,b\\n1\\n|line 2: Expected Number of Columns: 2 Found: 1",
                "a,b\\n1,2\\n3,4\\n5\\n|line 4",
                "a\\n1\\n2,3\\n|line 3",
                "a,b\\n1,\"x\\n|line 2: Value with unterminated quote",
                "a,a\\n1,2\\n|line 1: two columns are named 'a'",
                "''|line 1: no names of columns",
                "\\na\\n1\\n|line 1: no names of columns",
            })
    void saysInWhichLineCsvIsWrong(String text, String problem, BufferAllocator allocator) throws Exception {
        refuses(allocator, file("x.csv", text.replace("\\n", "\n")), ErrorCode.VALUE, problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1}\\n{\"a\":2,\"a\":3}\\n|line 2",
                "[1,2]\\n|expected records",
                "{\"a\":1}\\n{\"a\":\\n|line 2",
                "{\"a\":1}\\n{\"a\":1}}\\n{\"a\":1}\\n|line 2",
                "{\"a\":01}\\n{\"a\":1}\\n|line 1",
                "{\"a\":\"\\ud800\"}\\n|surrogate",
                "{\"a\":1,\"A\":2}\\n|names that are empty, or differ in case alone, one of which would become 'A_1'",
                "{\"\":1}\\n|names that are empty",
                "''|expected records",
            })
    void saysInWhichLineJsonIsWrong(String text, String problem, BufferAllocator allocator) throws Exception {
        refuses(allocator, file("x.json", text.replace("\\n", "\n")), ErrorCode.VALUE, problem);
    }

    @Test
    void takesNamesThatEndInNumbers(BufferAllocator allocator) throws Exception {
        assertThat(rows(allocator, file("x.json", "{\"a\":1,\"a_1\":2,\"C0\":3}\n")))
                .isEqualTo("a\ta_1\tC0\n1\t2\t3\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "18446744073709551615|1||UInt64",
                "9223372036854775808|-1||Utf8",
                "18446744073709551616|0||Utf8",
                "-9223372036854775809|0||Utf8",
                "9223372036854775807|-9223372036854775808||Int64",
                "1e400|0.5||Utf8",
                "1e308|0.5||Float64",
                "9223372036854775808|0.5||Float64",
            })
    void numbersOfCsvHaveATypeThatHoldsThem(
            String one, String other, @Nullable String third, String type, BufferAllocator allocator) throws Exception {
        Path file = Files.writeString(
                directory.resolve("x.csv"),
                "n,k\n" + one + ",1\n" + other + ",2\n" + (third == null ? "" : third) + ",3\n");
        try (Frame frame = Tables.read(allocator, file)) {
            FieldVector column = frame.root().getVector("n");
            assertThat(column.getField().getType().toString())
                    .satisfies(found -> assertThat(found)
                            .isEqualTo(
                                    switch (type) {
                                        case "UInt64" -> "Int(64, false)";
                                        case "Int64" -> "Int(64, true)";
                                        case "Float64" -> "FloatingPoint(DOUBLE)";
                                        default -> type;
                                    }));
            if (!type.equals("Float64")) {
                assertThat(String.valueOf(column.getObject(0))).isEqualTo(type.equals("UInt64") ? "-1" : one);
            }
        }
    }

    @Test
    void integersOfJsonHaveTheTypeThatHoldsThem(BufferAllocator allocator) throws Exception {
        Path json =
                file("x.json", "{\"a\":-1,\"u\":18446744073709551615,\"%\":1}\n{\"a\":9223372036854775807,\"u\":0}\n");
        assertThat(types(allocator, json)).isEqualTo("a: Int(64, true); u: Int(64, false); %: Int(64, true)");
        assertThat(rows(allocator, json)).contains("9223372036854775807\t0");
    }

    @Test
    void timesHaveTheUnitThatHoldsThem(BufferAllocator allocator) throws Exception {
        Path json = file("x.json", "{\"s\":\"2020-01-01 00:00:00\",\"m\":[\"2020-01-01 00:00:00.5\"]}\n{}\n");
        try (ArrowReader reader = Tables.open(allocator, json)) {
            assertThat(reader.getVectorSchemaRoot().getSchema().toString())
                    .isEqualTo("Schema<s: Timestamp(SECOND, null), m: List<item: Timestamp(MILLISECOND, null)>>");
        }
        Path csv = file("x.csv", "s,m\n2020-01-01 00:00:00,2020-01-01 00:00:00.25\n,\n");
        assertThat(types(allocator, csv)).isEqualTo("s: Timestamp(SECOND, null); m: Timestamp(MILLISECOND, null)");
    }

    @ParameterizedTest
    @DisplayName("JSON that nests without end does not overflow DuckDB's stack")
    @ValueSource(ints = {65, 1_000_000})
    void refusesNestingWithoutEnd(int depth, BufferAllocator allocator) throws Exception {
        Path objects = file("x.json", "{\"a\":1}\n" + "{\"a\":".repeat(depth) + "1" + "}".repeat(depth));
        refuses(allocator, objects, ErrorCode.VALUE, "line 2: nested deeper than 64");
        Path lists = file("x.json", "{\"\\\"\":" + "[".repeat(depth) + "]".repeat(depth) + "}");
        refuses(allocator, lists, ErrorCode.VALUE, "line 1: nested deeper than 64");
    }

    @Test
    void damagedFilesEndInTypedErrors(BufferAllocator allocator) throws Exception {
        Random random = new Random(3);
        byte[] csv = "a,b\n1,\"x\"\"y\"\n,2020-01-01\n".getBytes(StandardCharsets.UTF_8);
        byte[] json = "{\"a\":[{\"b\":\"\\u00fc\"}],\"t\":\"09:30\"}\n".getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < Effort.of(60, 2000); i++) {
            byte[] bytes = (i % 2 == 0 ? csv : json).clone();
            for (int k = 0; k <= i % 3; k++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(directory.resolve(i % 2 == 0 ? "x.csv" : "x.json"), bytes);
            try (Frame read = Tables.read(allocator, file)) {
                assertThat(read.rowCount()).isGreaterThanOrEqualTo(0);
            } catch (NpzException e) {
                assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.VALUE);
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void refusesWhatIsNotUtf8(BufferAllocator allocator) throws Exception {
        Path csv = Files.write(directory.resolve("x.csv"), new byte[] {'a', '\n', (byte) 0xff, '\n'});
        refuses(allocator, csv, ErrorCode.VALUE, "not utf-8");
        refuses(allocator, Files.write(csv, new byte[] {(byte) 0xff, '\n'}), ErrorCode.VALUE, "line 1: not UTF-8");
    }

    @Test
    void readsInBatches(BufferAllocator allocator) throws Exception {
        Path csv = file(
                "x.csv",
                "n,t\n"
                        + IntStream.range(0, 300_000)
                                .mapToObj(i -> i + ",t" + i + "\n")
                                .collect(Collectors.joining()));
        int batches = 0;
        long next = 0;
        try (ArrowReader reader = Tables.open(allocator, csv)) {
            while (reader.loadNextBatch()) {
                VectorSchemaRoot batch = reader.getVectorSchemaRoot();
                assertThat(batch.getVector("n").getObject(0)).isEqualTo(next);
                next += batch.getRowCount();
                batches++;
                assertThat(allocator.getAllocatedMemory()).isLessThan(4 << 20);
            }
        }
        assertThat(next).isEqualTo(300_000);
        assertThat(batches).isGreaterThan(1);
    }

    @Test
    void manyColumnsOfFewRowsAreRead(BufferAllocator allocator) throws Exception {
        int columns = Effort.of(2_000, 20_000);
        String names = IntStream.range(0, columns).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        Path csv = file("x.csv", names + "\n" + "1,".repeat(columns - 1) + "1\n");
        try (Frame frame = Tables.read(allocator, csv)) {
            assertThat(frame.columnNames()).hasSize(columns);
        }
    }

    @Test
    void keepsToTheAllocatorsLimit(BufferAllocator allocator) throws Exception {
        Path csv = file("x.csv", "n\n" + "1\n".repeat(300_000));
        try (BufferAllocator small = allocator.newChildAllocator("small", 0, 1 << 10)) {
            refuses(small, csv, ErrorCode.LIMIT, "");
        }
    }

    @Test
    void saysWhereThereIsNoFile(BufferAllocator allocator) {
        refuses(allocator, directory.resolve("none.csv"), ErrorCode.IO, "no such file");
    }

    @Test
    void writesWhatItReads(BufferAllocator allocator) throws Exception {
        String csv = "n,t\n1,\"a, \"\"b\"\"\"\n,\"\"\n-3,\u00fc\n";
        Path source = file("x.csv", csv);
        try (Frame frame = Tables.read(allocator, source)) {
            for (String name : List.of("y.csv", "y.tsv", "y.json", "y.json.gz")) {
                TextTables.write(frame, directory.resolve(name), Durability.FSYNC);
            }
        }
        String json = "{\"n\":1,\"t\":\"a, \\\"b\\\"\"}\n{\"n\":null,\"t\":\"\"}\n{\"n\":-3,\"t\":\"\u00fc\"}\n";
        assertThat(directory.resolve("y.csv")).hasContent(csv);
        assertThat(directory.resolve("y.tsv")).hasContent("n\tt\n1\t\"a, \"\"b\"\"\"\n\t\"\"\n-3\t\u00fc\n");
        assertThat(directory.resolve("y.json")).hasContent(json);
        try (GZIPInputStream packed = new GZIPInputStream(Files.newInputStream(directory.resolve("y.json.gz")))) {
            assertThat(new String(packed.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(json);
        }
    }

    @Test
    void writesBatchesAsTheyCome(BufferAllocator allocator) throws Exception {
        Path source = file(
                "x.csv",
                "n,t\n"
                        + IntStream.range(0, 300_000)
                                .mapToObj(i -> i + ",t" + i + "\n")
                                .collect(Collectors.joining()));
        try (ArrowReader reader = Tables.open(allocator, source)) {
            TextTables.write(reader, directory.resolve("y.csv"), Durability.RENAME_ONLY);
        }
        assertThat(directory.resolve("y.csv")).hasSameTextualContentAs(source);
    }

    @Test
    void leavesTheTargetAloneWhereTheSourceChanges(BufferAllocator allocator) throws Exception {
        Path target = file("y.json", "before");
        Path source = file("x.csv", "a\n" + "1\n".repeat(1_000_000));
        try (ArrowReader reader = Tables.open(allocator, source)) {
            Files.writeString(source, "1\n", StandardOpenOption.APPEND);
            assertThatThrownBy(() -> TextTables.write(reader, target, Durability.FSYNC))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
        }
        assertThat(target).hasContent("before");
        assertThat(directory).isDirectoryNotContaining(path -> path.toString().endsWith("tmp"));
    }

    @Test
    void namesTheTargetThatCannotBeWritten(BufferAllocator allocator) throws Exception {
        Path target = directory.resolve("missing").resolve("y.csv");
        try (Frame frame = Tables.read(allocator, file("x.csv", "a\n1\n"))) {
            assertThatThrownBy(() -> TextTables.write(frame, target, Durability.FSYNC))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
                    .hasMessageContaining("y.csv");
        }
    }

    @Test
    void headersTakeAnyName(BufferAllocator allocator) throws Exception {
        String header = "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",'x',a-b\n";
        Path csv = file("x.csv", header + "1,2,3,4,5\n");
        try (Frame frame = Tables.read(allocator, csv)) {
            assertThat(frame.schema().getFields())
                    .extracting(Field::getName)
                    .containsExactly("a,b", "say \"hi\"", "two\nlines", "'x'", "a-b");
            TextTables.write(frame, directory.resolve("y.csv"), Durability.RENAME_ONLY);
        }
        assertThat(directory.resolve("y.csv")).hasSameTextualContentAs(csv);
    }

    @Test
    void framesHaveTheColumnsThatOptionsName(BufferAllocator allocator) throws Exception {
        Path csv = file("x.csv", "a,b,c\n1,2,3\n");
        ReadOptions options = ReadOptions.defaults();
        try (Frame frame = Tables.read(allocator, csv, options.withColumns("c", "a"))) {
            assertThat(frame.columnNames()).containsExactly("c", "a");
        }
        assertThatThrownBy(() -> Tables.read(allocator, csv, options.withColumns(List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no column is selected");
    }
}
