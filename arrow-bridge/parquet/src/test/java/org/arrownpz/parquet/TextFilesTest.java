package org.arrownpz.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFilesTest {
    @TempDir
    Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static String csv(int rows) {
        StringBuilder text = new StringBuilder("n,t\n");
        for (int i = 0; i < rows; i++) {
            text.append(i % 3 == 0 ? "" : i).append(",text ").append(i).append('\n');
        }
        return text.toString();
    }

    @Test
    void joinsBatchesWithNulls() throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = TextFiles.readCsv(allocator, file("x.csv", csv(150_000)))) {
            assertThat(root.getRowCount()).isEqualTo(150_000);
            BigIntVector numbers = (BigIntVector) root.getVector("n");
            assertThat(numbers.getNullCount()).isEqualTo(50_000);
            assertThat(numbers.get(149_999)).isEqualTo(149_999);
            assertThat(root.getVector("t").getObject(149_998)).hasToString("text 149998");
        }
    }

    @Test
    void readsTablesWithoutRows() throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = TextFiles.readCsv(allocator, file("x.csv", "a,b\n"))) {
            assertThat(root.getRowCount()).isZero();
            assertThat(root.getFieldVectors()).hasSize(2);
        }
    }

    private static List<String> texts(VectorSchemaRoot root) {
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < root.getRowCount(); row++) {
            texts.add(String.valueOf(root.getVector(0).getObject(row)));
        }
        return texts;
    }

    @ParameterizedTest
    @DisplayName("C12: numbers that a double would change stay the texts that they are")
    @ValueSource(
            strings = {
                "9007199254740993 0.5",
                "0.5 9007199254740993",
                "18446744073709551615 0.5",
                "123456789012345678901234567890 0.5",
                "1e400 1",
                "-1E400 1",
                "1e-400 1",
            })
    void changesNoNumber(String numbers) throws IOException {
        String[] each = numbers.split(" ");
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot csv =
                        TextFiles.readCsv(allocator, file("x.csv", "a\n" + String.join("\n", each) + "\n"));
                VectorSchemaRoot json = TextFiles.readJson(
                        allocator, file("x.json", "{\"a\":" + each[0] + "}\n{\"a\":" + each[1] + "}\n"))) {
            assertThat(texts(csv)).containsExactly(each);
            assertThat(texts(json)).containsExactly(each);
            assertThat(csv.getVector(0)).isInstanceOf(VarCharVector.class);
        }
    }

    @ParameterizedTest
    @DisplayName("C12: integers that a double holds, or prints so, are doubles beside fractions")
    @ValueSource(
            strings = {
                "9007199254740992 0.5",
                "1152921504606846976 0.5",
                "1152921504606847000 0.5",
                "100000000000000000000 0.5",
                "-9223372036854775808 0.5",
                "1e308 1",
                "0e-400 1",
                "-0.0 1",
            })
    void takesWhatADoubleHolds(String numbers) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot csv =
                        TextFiles.readCsv(allocator, file("x.csv", "a\n" + numbers.replace(' ', '\n') + "\n"))) {
            assertThat(csv.getVector(0)).isInstanceOf(Float8Vector.class);
        }
    }

    @Test
    @DisplayName("C12: half of a surrogate pair is called what it is")
    void namesALoneSurrogate() throws IOException {
        Path file = file("x.json", "{\"a\":\"b\"}\n{\"a\":\"\\ud800\"}\n");
        try (BufferAllocator allocator = new RootAllocator()) {
            assertThatThrownBy(() -> TextFiles.readJson(allocator, file))
                    .isInstanceOf(NpzException.class)
                    .hasMessageContaining("line 2: a text holds half of a surrogate pair");
        }
    }

    @Test
    void readsListsOfJson() throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = TextFiles.readJson(
                        allocator, file("x.json", "{\"l\":[1,2]}\n{\"l\":null}\n{\"l\":[]}\n{\"l\":[3]}\n"))) {
            assertThat(root.getVector("l")).isInstanceOf(ListVector.class);
            assertThat(root.getVector("l").getObject(3)).hasToString("[3]");
            assertThat(root.getVector("l").isNull(1)).isTrue();
        }
    }

    @Test
    void refusesJsonOfTwoValuesOfOneName() throws IOException {
        // A4: readers keep one of them
        Field number = Field.nullable("a", new ArrowType.Int(32, true));
        try (BufferAllocator allocator = new RootAllocator();
                StructVector struct = StructVector.emptyWithDuplicates("s", allocator)) {
            struct.initializeChildrenFromFields(List.of(number, number));
            try (Frame frame = Frame.of(VectorSchemaRoot.of(struct))) {
                Path target = directory.resolve("x.json");
                assertThatThrownBy(() -> TextFiles.writeJson(frame, target, Durability.FSYNC))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("JSON cannot hold two values of 'a' in a value of 's'. Give each a name of its own,"
                                + " or write Feather");
                assertThat(target).doesNotExist();
            }
        }
    }

    @Test
    void writesWhatItReads() throws IOException {
        String csv = "n,t\n1,\"a, \"\"b\"\"\"\n,\"\"\n-3,\u00fc\n";
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = TextFiles.readCsv(allocator, file("x.csv", csv));
                Frame frame = Frame.of(root)) {
            TextFiles.writeCsv(frame, directory.resolve("y.csv"), Durability.FSYNC);
            assertThat(directory.resolve("y.csv")).hasContent(csv);

            TextFiles.writeJson(frame, directory.resolve("y.json"), Durability.FSYNC);
            assertThat(Files.readAllLines(directory.resolve("y.json")))
                    .containsExactly(
                            "{\"n\":1,\"t\":\"a, \\\"b\\\"\"}",
                            "{\"n\":null,\"t\":\"\"}",
                            "{\"n\":-3,\"t\":\"\u00fc\"}");
        }
    }

    @Test
    void writesBatchesAsTheyCome() throws IOException {
        Path source = file("x.csv", csv(150_000));
        try (BufferAllocator allocator = new RootAllocator();
                ArrowReader reader = TextFiles.openCsv(allocator, source)) {
            TextFiles.writeCsv(reader, directory.resolve("y.csv"), Durability.RENAME_ONLY);
        }
        assertThat(directory.resolve("y.csv")).hasSameTextualContentAs(source);
    }

    @Test
    void leavesTheTargetAloneWhereTheSourceChanges() throws IOException {
        Path target = file("y.json", "before");
        Path source = file("x.csv", "a\n" + "1\n".repeat(1_000_000));
        try (BufferAllocator allocator = new RootAllocator();
                ArrowReader reader = TextFiles.openCsv(allocator, source)) {
            Files.writeString(source, "1\n", StandardOpenOption.APPEND);
            assertFault(ErrorCode.FILE_CHANGED, () -> TextFiles.writeJson(reader, target, Durability.FSYNC));
        }
        assertThat(target).hasContent("before");
        assertThat(directory).isDirectoryNotContaining(path -> path.toString().endsWith(".tmp"));
    }

    private static void assertFault(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void namesTheTargetThatCannotBeWritten() throws IOException {
        Path target = directory.resolve("missing").resolve("y.csv");
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = TextFiles.readCsv(allocator, file("x.csv", "a\n1\n"));
                Frame frame = Frame.of(root)) {
            assertThatThrownBy(() -> TextFiles.writeCsv(frame, target, Durability.FSYNC))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
                    .hasMessageContaining("y.csv");
        }
    }

    @Test
    void readsFilesWithUnusualNames() throws IOException {
        try (BufferAllocator allocator = new RootAllocator()) {
            for (String name : new String[] {"a b%20#?.csv", "_hidden.csv", ".dot.csv", "\u00fc\u4e2d.csv"}) {
                try (VectorSchemaRoot root = TextFiles.readCsv(allocator, file(name, "a\n1\n"))) {
                    assertThat(root.getRowCount()).as(name).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void looksAtTheWholeFileForTypes() throws IOException {
        Path path = file("x.csv", csv(150_000) + "not a number,x\n");
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = TextFiles.readCsv(allocator, path)) {
            assertThat(root.getVector("n").getObject(150_000)).hasToString("not a number");
            assertThat(root.getVector("n").getObject(1)).hasToString("1");
        }
    }

    @Test
    void refusesColumnsOfOneName() throws IOException {
        Path path = file("x.csv", "a,a\n1,2\n");
        try (BufferAllocator allocator = new RootAllocator()) {
            assertThatThrownBy(() -> TextFiles.readCsv(allocator, path))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE))
                    .hasMessageContaining("line 1: two columns are named 'a'");
        }
    }

    @Test
    void keepsToTheAllocatorsLimit() throws IOException {
        Path path = file("x.csv", csv(150_000));
        try (BufferAllocator allocator = new RootAllocator(1 << 20)) {
            assertThatThrownBy(() -> TextFiles.readCsv(allocator, path))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
        }
    }

    @Test
    void saysWhereThereIsNoFile() {
        try (BufferAllocator allocator = new RootAllocator()) {
            assertThatThrownBy(() -> TextFiles.readJson(allocator, directory))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO));
            assertThatThrownBy(() -> TextFiles.readCsv(allocator, directory.resolve("none.csv")))
                    .hasMessageContaining("no such file");
        }
    }
}
