package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compare.VectorEqualsVisitor;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.testing.Effort;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CSV and JSON lines keep all values, and say which types they do not keep. */
@ExtendWith(LeakCheck.class)
class TextRoundTripTest {
    private static final String[] TEXTS = {
        "",
        " ",
        "a",
        "a,b",
        "\"",
        "two\nlines",
        "cr\r",
        "1",
        "-1.5",
        "007",
        "true",
        "NaN",
        "NA",
        "null",
        "Infinity",
        "2020-01-01",
        "09:30",
        "2020-01-01T09:30:00Z",
        "\u00fc\ud83d\ude00",
        "\ufeff",
        "0x1",
        "1e5",
        "[1]",
        "{}"
    };

    @TempDir
    Path directory;

    private static VectorSchemaRoot table(BufferAllocator allocator, Random random) {
        List<FieldVector> columns = List.of(
                new BigIntVector("long", allocator),
                new UInt8Vector("unsigned", allocator),
                new Float8Vector("double", allocator),
                new BitVector("bool", allocator),
                new VarCharVector("text", allocator),
                new DateDayVector("date", allocator),
                new TimeMicroVector("time", allocator),
                new TimeStampNanoVector("local", allocator),
                new TimeStampMicroTZVector(
                        "instant",
                        FieldType.nullable(new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
                        allocator));
        int rows = 1 + random.nextInt(30);
        columns.forEach(FieldVector::allocateNew);
        for (int i = 0; i < rows; i++) {
            // One value of each column is there in any case: of nothing but nulls nobody knows the type.
            set(columns, i, random, i == 0 ? 0 : random.nextInt(6));
        }
        columns.forEach(column -> column.setValueCount(rows));
        return new VectorSchemaRoot(columns);
    }

    private static void set(List<FieldVector> columns, int row, Random random, int nulls) {
        for (FieldVector column : columns) {
            if (nulls > 0 && random.nextInt(6) < nulls) {
                continue;
            }
            if (column instanceof BigIntVector vector) {
                vector.setSafe(row, random.nextLong() >> random.nextInt(64));
            } else if (column instanceof UInt8Vector vector) {
                vector.setSafe(row, row == 0 ? -1 : random.nextLong());
            } else if (column instanceof Float8Vector vector) {
                double value = Double.longBitsToDouble(random.nextLong());
                double[] special = {Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -0.0, 3};
                // Of not-a-number, text keeps that it is one.
                vector.setSafe(row, Double.isNaN(value) || random.nextBoolean() ? special[random.nextInt(5)] : value);
            } else if (column instanceof BitVector vector) {
                vector.setSafe(row, random.nextInt(2));
            } else if (column instanceof VarCharVector vector) {
                String text = row == 0 ? "plain" : TEXTS[random.nextInt(TEXTS.length)];
                vector.setSafe(row, text.getBytes(StandardCharsets.UTF_8));
            } else if (column instanceof DateDayVector vector) {
                vector.setSafe(row, random.nextInt());
            } else if (column instanceof TimeMicroVector vector) {
                vector.setSafe(row, random.nextLong(86_400_000_000L));
            } else if (column instanceof TimeStampNanoVector vector) {
                vector.setSafe(row, random.nextLong());
            } else if (column instanceof TimeStampMicroTZVector vector) {
                vector.setSafe(row, random.nextLong());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "json"})
    void randomTablesComeBackEqual(String form, BufferAllocator allocator) throws Exception {
        Random random = new Random(11);
        for (int i = 0; i < Effort.of(60, 300); i++) {
            Path file = directory.resolve(i + "." + form);
            try (VectorSchemaRoot root = table(allocator, random);
                    Frame frame = Frame.of(root)) {
                write(frame, file, form);
                assertThat(TextFiles.changedTypes(root.getSchema(), file)).isEmpty();
                try (VectorSchemaRoot back = read(allocator, file, form)) {
                    assertThat(back.getRowCount()).isEqualTo(root.getRowCount());
                    for (FieldVector column : root.getFieldVectors()) {
                        assertThat(VectorEqualsVisitor.vectorEquals(column, back.getVector(column.getName())))
                                .as(column + " and " + back.getVector(column.getName()))
                                .isTrue();
                    }
                }
            }
        }
    }

    private static void write(Frame frame, Path file, String form) throws NpzException {
        if (form.equals("csv")) {
            TextFiles.writeCsv(frame, file, Durability.RENAME_ONLY);
        } else {
            TextFiles.writeJson(frame, file, Durability.RENAME_ONLY);
        }
    }

    private static VectorSchemaRoot read(BufferAllocator allocator, Path file, String form) throws NpzException {
        return form.equals("csv") ? TextFiles.readCsv(allocator, file) : TextFiles.readJson(allocator, file);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void textsOfDigitsStayTexts(BufferAllocator allocator) throws Exception {
        try (VarCharVector zips = new VarCharVector("zip", allocator)) {
            zips.allocateNew();
            zips.setSafe(0, "12345".getBytes(StandardCharsets.UTF_8));
            zips.setSafe(2, new byte[0]);
            zips.setValueCount(4);
            Path file = directory.resolve("x.csv");
            TextFiles.writeCsv(Frame.of(VectorSchemaRoot.of(zips)), file, Durability.RENAME_ONLY);
            assertThat(file).hasContent("zip\n\"12345\"\n\n\"\"\n\n");
            try (VectorSchemaRoot root = TextFiles.readCsv(allocator, file)) {
                assertThat(root.getVector("zip")).hasToString("[12345, null, , null]");
            }
        }
    }

    @Test
    void namesTheTypesThatTextDoesNotKeep(BufferAllocator allocator) throws Exception {
        try (Float4Vector floats = new Float4Vector("f", allocator);
                VarCharVector texts = new VarCharVector("t", allocator);
                BigIntVector nulls = new BigIntVector("n", allocator);
                ListVector lists = ListVector.empty("l", allocator)) {
            lists.addOrGetVector(FieldType.nullable(new ArrowType.Int(64, true)));
            VectorSchemaRoot root = VectorSchemaRoot.of(floats, texts, nulls, lists);
            root.allocateNew();
            floats.setSafe(0, 1.5f);
            texts.setSafe(0, "2020-01-01".getBytes(StandardCharsets.UTF_8));
            lists.startNewValue(0);
            ((BigIntVector) lists.getDataVector()).setSafe(0, 5);
            lists.endValue(0, 1);
            root.setRowCount(1);
            Frame frame = Frame.of(root);
            Path csv = directory.resolve("x.csv");
            TextFiles.writeCsv(frame, csv, Durability.RENAME_ONLY);
            assertThat(TextFiles.changedTypes(root.getSchema(), csv))
                    .containsExactly(
                            "f: FloatingPoint(SINGLE) comes back as FloatingPoint(DOUBLE)",
                            "n: Int(64, true) comes back as Null",
                            "l: List<Int(64, true)> comes back as Utf8");
            Path json = directory.resolve("x.jsonl");
            TextFiles.writeJson(frame, json, Durability.RENAME_ONLY);
            assertThat(TextFiles.changedTypes(root.getSchema(), json))
                    .containsExactly(
                            "f: FloatingPoint(SINGLE) comes back as FloatingPoint(DOUBLE)",
                            "t: Utf8 comes back as Date(DAY)",
                            "n: Int(64, true) comes back as Null");
            root.setRowCount(0);
            TextFiles.writeJson(Frame.of(root), json, Durability.RENAME_ONLY);
            assertThat(TextFiles.changedTypes(root.getSchema(), json))
                    .hasSize(4)
                    .contains("f does not come back");
        }
    }

    @Test
    void quotesSayNothingWhereAllIsInThem(BufferAllocator allocator) throws Exception {
        Path all = file("x.csv", "\"n\",\"t\"\n\"1\",\"x\"\n\"\",\"\"\n");
        try (VectorSchemaRoot root = TextFiles.readCsv(allocator, all)) {
            assertThat(root.contentToTSVString()).isEqualTo("n\tt\n1\tx\nnull\t\n");
            assertThat(root.getVector("n")).isInstanceOf(BigIntVector.class);
        }
        Path some = file("y.csv", "n,t\n\"1\",\"x\"\n");
        try (VectorSchemaRoot root = TextFiles.readCsv(allocator, some)) {
            assertThat(root.getVector("n")).isInstanceOf(VarCharVector.class);
        }
    }

    @Test
    void readsWhatOthersWrite(BufferAllocator allocator) throws Exception {
        Path csv = file("x.csv", "\ufeffa,b,c\r\nNA,1.5,NA\r\n3,nan,x\r\n\r\n,,\r\n");
        try (VectorSchemaRoot root = TextFiles.readCsv(allocator, csv)) {
            assertThat(root.contentToTSVString()).isEqualTo("a\tb\tc\nnull\t1.5\tNA\n3\tNaN\tx\nnull\tnull\tnull\n");
        }
        Path json =
                file("x.json", "{\"a\":NaN,\"o\":{\"x\":[{\"y\":1}]}}\n{\"o\":{\"x\":[]},\"new\":\"v\"} {\"a\":-0}");
        try (VectorSchemaRoot root = TextFiles.readJson(allocator, json)) {
            assertThat(root.contentToTSVString())
                    .isEqualTo("a\to\tnew\nNaN\t{\"x\":[{\"y\":1}]}\tnull\nnull\t{\"x\":[]}\tv\n-0.0\tnull\tnull\n");
        }
    }

    @Test
    void readsTheColumnsThatAreAskedFor(BufferAllocator allocator) throws Exception {
        Path json = file("x.json", "{\"a\":1,\"b\":[1,{\"c\":2}],\"d\":3}\n".replace("1,{\"c\":2}", "{\"c\":2}"));
        org.arrownpz.ReadOptions options = org.arrownpz.ReadOptions.defaults().withColumns(List.of("d", "a"));
        try (var reader = new ParquetTables().open(allocator, json, "json", options)) {
            reader.loadNextBatch();
            assertThat(reader.getVectorSchemaRoot().contentToTSVString()).isEqualTo("d\ta\n3\t1\n");
        }
    }

    @Test
    void manyColumnsOfFewRowsTakeLittleMemory(BufferAllocator allocator) throws Exception {
        int columns = 20_000;
        String names = IntStream.range(0, columns).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        Path csv = file("x.csv", names + "\n" + "1,".repeat(columns - 1) + "1\n");
        try (BufferAllocator small = allocator.newChildAllocator("small", 0, 32 << 20);
                VectorSchemaRoot root = TextFiles.readCsv(small, csv)) {
            assertThat(root.getFieldVectors()).hasSize(columns);
            assertThat(root.getVector(columns - 1)).hasToString("[1]");
        }
    }

    @Test
    void refusesAColumnThatIsAskedForTwice(BufferAllocator allocator) throws Exception {
        Path csv = file("x.csv", "a,b\n1,2\n");
        ReadOptions options = ReadOptions.defaults().withColumns(List.of("b", "b"));
        assertThatThrownBy(() -> new ParquetTables().open(allocator, csv, "csv", options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("selected twice: column 'b'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1}\\n{\"a\":\"x\"}|line 2: '/a' is text, and before it was a number",
                "{\"a\":[1,true]}|'/a/1' is a boolean",
                "{\"a\":{\"b\":1}}{\"a\":{\"b\":{}}}|'/a/b' is an object",
                "{\"a\":1,\"a\":2}|two values of 'a' in one object",
                "[1,2]|expected an object",
                "{\"a\":|end-of-input",
                "{\"a\":1}}|Unexpected close marker",
                "{\"a\":01}|Leading zeroes"
            })
    void saysInWhichLineJsonIsWrong(String text, String problem, BufferAllocator allocator) throws Exception {
        Path json = file("x.json", text.replace("\\n", "\n"));
        assertThatThrownBy(() -> TextFiles.readJson(allocator, json).close())
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                .hasMessageContaining("x.json")
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,b\\n1\\n|line 2: expected 2 cells but found 1",
                "a\\n1\\n2,3\\n|line 3",
                "''|no names of columns"
            })
    void saysInWhichLineCsvIsWrong(String text, String problem, BufferAllocator allocator) throws Exception {
        Path csv = file("x.csv", text.replace("\\n", "\n"));
        assertThatThrownBy(() -> TextFiles.readCsv(allocator, csv).close())
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                .hasMessageContaining(problem);
    }

    @Test
    void damagedFilesEndInTypedErrors(BufferAllocator allocator) throws Exception {
        Random random = new Random(3);
        byte[] csv = "a,b\n1,\"x\"\"y\"\n,2020-01-01\n".getBytes(StandardCharsets.UTF_8);
        byte[] json = "{\"a\":[1,{\"b\":\"\\u00fc\"}],\"t\":\"09:30\"}\n"
                .replace("1,", "")
                .getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < Effort.of(400, 2000); i++) {
            String form = i % 2 == 0 ? "csv" : "json";
            byte[] bytes = (i % 2 == 0 ? csv : json).clone();
            for (int k = 0; k <= i % 3; k++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(directory.resolve("damaged"), bytes);
            try {
                read(allocator, file, form).close();
            } catch (NpzException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.VALUE);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(Effort.of(200, 500));
    }

    @Test
    void refusesNestingWithoutEnd(BufferAllocator allocator) throws Exception {
        Path json = file("x.json", "{\"a\":".repeat(500) + "1" + "}".repeat(500));
        assertThatThrownBy(() -> TextFiles.readJson(allocator, json).close())
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("nested deeper than 64");
    }

    @Test
    void longTextsFillSeveralBatches(BufferAllocator allocator) throws Exception {
        Path csv = file("x.csv", "t\n" + ("x".repeat(1 << 20) + "\n").repeat(130));
        List<Integer> batches = new ArrayList<>();
        try (var reader = TextFiles.openCsv(allocator, csv)) {
            while (reader.loadNextBatch()) {
                batches.add(reader.getVectorSchemaRoot().getRowCount());
            }
        }
        assertThat(batches).containsExactly(64, 64, 2);
    }
}
