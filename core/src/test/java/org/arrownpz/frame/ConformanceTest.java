package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads the files of {@code samples/conformance} as their manifest says, which another implementation wrote. */
@ExtendWith(LeakCheck.class)
class ConformanceTest {
    private static final Path FILES = Path.of("..", "samples", "conformance");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Comparator<JsonNode> NUMBERS = (left, right) -> left.isNumber() && right.isNumber()
            ? left.decimalValue().compareTo(right.decimalValue())
            : left.equals(right) ? 0 : 1;

    /** A row of the manifest. */
    record Case(String file, List<String> codes, boolean content) {
        @Override
        public String toString() {
            return file;
        }
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> nodes = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            nodes.add(JSON.readTree(line));
        }
        return nodes;
    }

    private static List<Case> cases(boolean valid) throws IOException {
        List<Case> cases = new ArrayList<>();
        for (JsonNode row : lines(FILES.resolve("manifest.jsonl"))) {
            if (row.has("code") != valid) {
                cases.add(new Case(
                        row.get("file").asText(),
                        valid ? List.of() : List.of(row.get("code").asText().split("\\|")),
                        row.path("content").asBoolean()));
            }
        }
        return cases;
    }

    static List<Case> valid() throws IOException {
        return cases(true);
    }

    static List<Case> invalid() throws IOException {
        return cases(false);
    }

    @Test
    void thereAreEnoughFilesAndNoneIsLarge() throws IOException {
        assertThat(valid().size() + invalid().size()).isGreaterThanOrEqualTo(100);
        for (Case file : invalid()) {
            assertThat(Files.size(FILES.resolve(file.file()))).isLessThan(10_000);
        }
    }

    @ParameterizedTest
    @MethodSource("valid")
    void readsWhatTheJsonLinesSay(Case given, BufferAllocator allocator) throws Exception {
        Path path = FILES.resolve(given.file());
        List<JsonNode> wanted = lines(Path.of(path + ".jsonl"));
        for (Verify level : Verify.values()) {
            try (Frame frame =
                    Frames.open(allocator, path, ReadOptions.defaults().withVerify(level))) {
                assertThat(JSON.readTree(header(frame).toString())).isEqualTo(wanted.get(0));
                for (int row = 0; row < wanted.size() - 1; row++) {
                    List<JsonNode> found = new ArrayList<>();
                    for (FieldVector vector : frame.root().getFieldVectors()) {
                        found.add(ConformanceValues.value(vector, row, frame.dictionaries()));
                    }
                    JsonNode actual = JSON.createArrayNode().addAll(found);
                    assertThat(actual.equals(NUMBERS, wanted.get(row + 1)))
                            .as("row %s is %s, not %s", row, actual, wanted.get(row + 1))
                            .isTrue();
                }
            }
        }
    }

    private static JsonNode header(Frame frame) throws NpzException {
        var header = JSON.createObjectNode().put("rows", frame.rowCount());
        var fields = header.putArray("fields");
        for (Field field : frame.root().getSchema().getFields()) {
            var node = fields.addObject()
                    .put("name", field.getName())
                    .put("type", ConformanceValues.type(field, frame.dictionaries()))
                    .put("nullable", field.isNullable());
            field.getMetadata().forEach((key, value) -> {
                if (!key.startsWith("numpy.") && !key.startsWith("ARROW:")) {
                    node.withObjectProperty("metadata").put(key, value);
                }
            });
        }
        return header;
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void refusesWithTheCodeOfTheRule(Case given, BufferAllocator allocator) {
        for (Verify level : given.content() ? new Verify[] {Verify.CONTENT} : Verify.values()) {
            NpzException refused = catchThrowableOfType(
                    NpzException.class, () -> makeAll(allocator, FILES.resolve(given.file()), level));
            assertThat(refused).as("%s at %s", given.file(), level).isNotNull();
            assertThat(refused.code().name()).as(refused.getMessage()).isIn(given.codes());
        }
    }

    // Headers and metadata are checked when a file is opened, what columns are made of when they are made.
    private static void makeAll(BufferAllocator allocator, Path file, Verify level) throws NpzException {
        try (Frame frame = Frames.open(allocator, file, ReadOptions.defaults().withVerify(level))) {
            frame.dictionaries();
            frame.root();
        }
    }
}
