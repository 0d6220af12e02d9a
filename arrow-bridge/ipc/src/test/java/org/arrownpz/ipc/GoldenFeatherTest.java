package org.arrownpz.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that pyarrow 25 and pandas 3 wrote, against what those say is in them. */
class GoldenFeatherTest {
    static Path golden(String name) {
        URL url = GoldenFeatherTest.class.getResource("/golden/pyarrow/" + name);
        try {
            return Path.of(Objects.requireNonNull(url, name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<String> feathers() throws IOException {
        try (Stream<Path> files = Files.list(golden("v1.feather").getParent())) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".feather.json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("feathers")
    void readsEveryValue(String name) throws IOException {
        JsonNode sidecar = new ObjectMapper().readTree(golden(name + ".json").toFile());
        try (BufferAllocator allocator = new RootAllocator()) {
            try (IpcFile file = Ipc.read(allocator, golden(name), Verify.CONTENT)) {
                Frame frame = file.frame();
                assertThat(file.format()).isEqualTo(IpcOptions.Format.FILE);
                assertThat(frame.rowCount()).isEqualTo(sidecar.get("rows").asLong());
                PythonText text = new PythonText(frame.dictionaries());
                for (JsonNode field : sidecar.get("fields")) {
                    FieldVector vector =
                            frame.root().getVector(field.get("name").asText());
                    List<String> expected = new ArrayList<>();
                    field.get("values").forEach(value -> expected.add(value.asText()));
                    assertThat(text.all(vector)).as(field.get("name").asText()).isEqualTo(expected);
                }
            }
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("feathers")
    void putsThePandasIndexFirst(String name) throws IOException {
        JsonNode sidecar = new ObjectMapper().readTree(golden(name + ".json").toFile());
        List<String> index = new ArrayList<>();
        for (JsonNode column : sidecar.path("pandas_metadata").path("index_columns")) {
            if (column.isTextual()) {
                index.add(column.asText());
            }
        }
        try (BufferAllocator allocator = new RootAllocator();
                IpcFile file = Ipc.read(allocator, golden(name))) {
            Frame frame = file.frame();
            List<String> fields = frame.root().getSchema().getFields().stream()
                    .map(Field::getName)
                    .toList();
            assertThat(fields.subList(0, frame.indexLevels())).isEqualTo(index);
            assertThat(frame.index().isAuto()).isEqualTo(index.isEmpty());
            assertThat(fields).hasSize(sidecar.get("fields").size());
            if (index.size() == 1) {
                assertThat(frame.index().name().text()).isEqualTo(index.get(0));
            }
        }
    }

    @Test
    void restoresHierarchicalColumnLabels() throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                IpcFile file = Ipc.read(allocator, golden("multi_columns.feather"))) {
            Frame frame = file.frame();
            assertThat(frame.columns().depth()).isEqualTo(2);
            assertThat(frame.columns().label(0).repr()).isEqualTo("('a', '1')");
            assertThat(frame.columns().name().repr()).isEqualTo("('u', 'v')");
        }
    }

    @Test
    void joinsTheBatchesOfFilesAndStreams() throws IOException {
        for (String name : List.of("batches.arrow", "batches.arrows")) {
            try (BufferAllocator allocator = new RootAllocator()) {
                try (IpcFile file = Ipc.read(allocator, golden(name))) {
                    checkBatches(file);
                }
                assertThat(allocator.getAllocatedMemory()).isZero();
            }
        }
    }

    @Test
    void readsStreamsFromChannelsOfUnknownLength() throws IOException {
        try (BufferAllocator allocator = new RootAllocator()) {
            try (IpcFile file = Ipc.readStream(
                    allocator, Channels.newChannel(Files.newInputStream(golden("batches.arrows"))), "pipe")) {
                checkBatches(file);
            }
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
    }

    private static void checkBatches(IpcFile file) throws IOException {
        Frame frame = file.frame();
        assertThat(frame.rowCount()).isEqualTo(10);
        PythonText text = new PythonText(frame.dictionaries());
        List<String> numbers = text.all(frame.root().getVector("a"));
        List<String> words = text.all(frame.root().getVector("d"));
        for (int row = 0; row < 10; row++) {
            assertThat(numbers.get(row)).isEqualTo(String.valueOf(row));
            assertThat(words.get(row)).isEqualTo("'" + "abc".charAt(row % 3) + "'");
        }
    }

    @Test
    void refusesFeatherV1WithTheWayOut() {
        try (BufferAllocator allocator = new RootAllocator()) {
            assertThatThrownBy(() -> Ipc.read(allocator, golden("v1.feather")))
                    .isInstanceOfSatisfying(NpzException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.VERSION);
                        assertThat(e.remedy()).contains("pyarrow");
                        assertThat(e.getMessage()).contains("v1.feather");
                    });
        }
    }
}
