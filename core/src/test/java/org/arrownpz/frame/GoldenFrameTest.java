package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every frame that StaticFrame wrote is read with the sidecar's values, dtypes, labels, classes and names. */
@ExtendWith(LeakCheck.class)
class GoldenFrameTest {
    private static final ReadOptions STORAGE =
            ReadOptions.defaults().withTypeMapping(TypeMapping.STORAGE).withVerify(Verify.CONTENT);
    private static final ReadOptions ARROW = ReadOptions.defaults().withVerify(Verify.CONTENT);

    static Stream<Arguments> frames() {
        return Golden.sidecars("staticframe-npz", "staticframe-npy-directory").stream()
                .map(sidecar -> Arguments.of(sidecar.get("file").asText(), sidecar));
    }

    static Stream<Arguments> buses() {
        return Golden.sidecars("bus-zip-npz", "bus-zip-npy").stream()
                .map(sidecar -> Arguments.of(sidecar.get("file").asText(), sidecar));
    }

    private static JsonNode completed(JsonNode sidecar) {
        if (sidecar.has("original")) {
            return sidecar;
        }
        // The sidecar of a directory refers to the archive of the same frame.
        String name = sidecar.get("file").asText().replace(".npydir", "");
        return Golden.sidecar(Golden.folder("static-frame").resolve(name + ".json"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void readsStorageFormBitForBit(String file, JsonNode sidecar, BufferAllocator allocator) throws Exception {
        try (Frame frame = Frames.open(allocator, Golden.folder("static-frame").resolve(file), STORAGE)) {
            Golden.assertStorage(frame, completed(sidecar));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void comesBackEqualThroughArrowTypes(
            String file, JsonNode sidecar, BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path target = directory.resolve("copy.npz");
        try (Frame frame = Frames.open(allocator, Golden.folder("static-frame").resolve(file), ARROW)) {
            frame.root();
            Frames.write(frame, target, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, target, STORAGE)) {
            Golden.assertStorage(frame, completed(sidecar));
            assertThat(frame.kind()).isEqualTo(FrameSummary.Kind.FRAME);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void comesBackEqualThroughInterchangeMetadata(
            String file, JsonNode sidecar, BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path target = directory.resolve("copy.npz");
        try (Frame frame = Frames.open(allocator, Golden.folder("static-frame").resolve(file), ARROW);
                Frame restored = Frame.of(frame.interchangeRoot())) {
            assertThat(restored.copyReport().notes()).isEmpty();
            Frames.write(restored, target, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, target, STORAGE)) {
            Golden.assertStorage(frame, completed(sidecar));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void survivesADirectory(String file, JsonNode sidecar, BufferAllocator allocator, @TempDir Path directory)
            throws Exception {
        Path target = directory.resolve("copy");
        try (Frame frame = Frames.open(allocator, Golden.folder("static-frame").resolve(file), ARROW)) {
            Frames.writeDirectory(frame, target, WriteOptions.defaults());
        }
        try (Frame frame = Frames.open(allocator, target, STORAGE)) {
            Golden.assertStorage(frame, completed(sidecar));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("buses")
    void readsTheFramesOfABus(String file, JsonNode sidecar, BufferAllocator allocator) throws Exception {
        try (Bus bus = Bus.open(allocator, Golden.folder("static-frame").resolve(file), STORAGE)) {
            JsonNode frames = sidecar.get("frames");
            assertThat(bus.labels()).hasSize(frames.size());
            int next = 0;
            for (JsonNode original : frames) {
                String label = sidecar.get("labels").get(next).get("value").asText();
                assertThat(bus.labels().get(next)).isEqualTo(label);
                try (Frame frame = bus.frame(label)) {
                    assertThat(frame.rowCount())
                            .isEqualTo(original.get("shape").get(0).asLong());
                    JsonNode columns = original.get("columns");
                    for (int i = 0; i < columns.size(); i++) {
                        Golden.assertColumn(frame.root().getVector(frame.indexLevels() + i), columns.get(i));
                    }
                }
                next++;
            }
        }
    }
}
