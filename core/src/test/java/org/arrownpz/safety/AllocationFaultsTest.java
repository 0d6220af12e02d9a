package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.DictionaryEncoding;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Bus;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.Frames.Verification;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request to the allocator is refused in turn, in every entry point: LIMIT, nothing leaked, no file damaged. */
@ExtendWith(LeakCheck.class)
class AllocationFaultsTest {
    private static final ReadOptions STORAGE = ReadOptions.defaults().withTypeMapping(TypeMapping.STORAGE);
    private static final ReadOptions CONTENT = ReadOptions.defaults().withVerify(Verify.CONTENT);
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    @TempDir
    private static Path directory;

    private static Samples samples;

    @BeforeAll
    static void makesSamples() throws Exception {
        samples = new Samples(directory);
    }

    static List<String> reads() {
        return List.of(
                "zoo",
                "zoo storage",
                "zoo copied",
                "zoo isolated",
                "deflated",
                "folder",
                "frame",
                "frame storage",
                "text",
                "c order",
                "bus",
                "deflated bus",
                "plain",
                "npy",
                "npy storage",
                "array",
                "selection",
                "copy",
                "tensor",
                "verify zoo",
                "verify deflated",
                "verify npy",
                "verify bus",
                "verify plain",
                "batches");
    }

    private static void read(String name, BufferAllocator allocator) throws Exception {
        switch (name) {
            case "zoo" -> open(allocator, samples.zoo, CONTENT);
            case "zoo storage" -> open(allocator, samples.zoo, STORAGE);
            case "zoo copied" -> open(allocator, samples.zoo, CONTENT.withMapping(Mapping.COPY));
            case "zoo isolated" -> open(allocator, samples.zoo, CONTENT.withIsolatedValidity());
            case "deflated" -> open(allocator, samples.deflated, CONTENT);
            case "folder" -> open(allocator, samples.folder, CONTENT.withMapping(Mapping.COPY));
            case "frame" -> open(allocator, samples.frame, CONTENT);
            case "frame storage" -> open(allocator, samples.frame, STORAGE);
            case "text" -> open(allocator, samples.text, CONTENT);
            case "c order" -> open(allocator, samples.cOrder, CONTENT);
            case "bus" -> bus(allocator, samples.bus);
            case "deflated bus" -> bus(allocator, samples.deflatedBus);
            case "plain" -> open(allocator, samples.plain, CONTENT);
            case "npy" -> open(allocator, samples.npy, CONTENT);
            case "npy storage" -> open(allocator, samples.npy, STORAGE);
            case "array" ->
                Frames.openArray(allocator, samples.plain, "b", CONTENT).close();
            case "selection" -> {
                open(allocator, samples.cOrder, CONTENT.withPositions(List.of(-1, 0)));
                try (Frame frame = Frames.open(allocator, samples.zoo)) {
                    frame.select("text", "dictionary").close();
                }
            }
            case "copy" -> {
                try (Frame frame = Frames.open(allocator, samples.zoo)) {
                    frame.copy().close();
                }
            }
            case "tensor" -> {
                try (Frame frame = Frames.open(allocator, samples.cOrder);
                        FieldVector tensor = frame.block(0)) {
                    assertThat(tensor.getValueCount()).isPositive();
                }
            }
            case "batches" -> {
                try (Frame frame = Frames.open(allocator, samples.frame)) {
                    try (var reader = frame.reader(1)) {
                        while (reader.loadNextBatch()) {
                            assertThat(reader.getVectorSchemaRoot().getRowCount())
                                    .isEqualTo(1);
                        }
                    }
                }
            }
            case "verify zoo" -> verify(allocator, samples.zoo);
            case "verify deflated" -> verify(allocator, samples.deflated);
            case "verify npy" -> verify(allocator, samples.npy);
            case "verify bus" -> verify(allocator, samples.bus);
            case "verify plain" -> verify(allocator, samples.plain);
            default -> throw new AssertionError(name);
        }
    }

    private static void open(BufferAllocator allocator, Path path, ReadOptions options) throws Exception {
        Frames.open(allocator, path, options).close();
    }

    private static void bus(BufferAllocator allocator, Path path) throws Exception {
        try (Bus bus = Bus.open(allocator, path, CONTENT)) {
            for (String label : bus.labels()) {
                bus.frame(label).close();
            }
        }
    }

    private static void verify(BufferAllocator allocator, Path path) throws NpzException {
        Verification verdict = Frames.verify(allocator, path, CONTENT);
        if (verdict.fault() != null) {
            throw verdict.fault();
        }
    }

    static List<String> writes() {
        return List.of(
                "zoo",
                "zoo buffers",
                "zoo decoded",
                "zoo deflated",
                "zoo folder",
                "frame",
                "plain",
                "npy",
                "record",
                "align frame",
                "align bus",
                "align npy",
                "align folder");
    }

    private static void write(String name, BufferAllocator allocator, Path target) throws Exception {
        switch (name) {
            case "zoo" -> rewrite(allocator, samples.zoo, target, FAST);
            case "zoo buffers" -> rewrite(allocator, samples.zoo, target, FAST.withLayout(ColumnLayout.ARROW));
            case "zoo decoded" ->
                rewrite(allocator, samples.zoo, target, FAST.withDictionaries(DictionaryEncoding.DECODE));
            case "zoo deflated" -> rewrite(allocator, samples.zoo, target, FAST.deflate(1));
            case "zoo folder" -> {
                try (Frame frame = Frames.open(allocator, samples.zoo)) {
                    Frames.writeDirectory(frame, directory.resolve("new-folder"), FAST.withOverwrite());
                }
            }
            case "frame" -> rewrite(allocator, samples.frame, target, FAST);
            case "plain" -> rewrite(allocator, samples.plain, target, FAST);
            case "npy" -> rewrite(allocator, samples.npy, target.resolveSibling("target.npy"), FAST);
            case "record" -> {
                try (Frame frame = Frames.open(allocator, samples.frame)) {
                    Frames.write(frame, target.resolveSibling("target.npy"), FAST);
                }
            }
            case "align frame" -> align(allocator, samples.cOrder, target);
            case "align bus" -> align(allocator, samples.bus, target);
            case "align npy" -> align(allocator, samples.npy, target.resolveSibling("target.npy"));
            case "align folder" -> align(allocator, samples.folder, target);
            default -> throw new AssertionError(name);
        }
    }

    private static void rewrite(BufferAllocator allocator, Path source, Path target, WriteOptions options)
            throws Exception {
        try (Frame frame = Frames.open(allocator, source)) {
            Frames.write(frame, target, options);
        }
    }

    private static void align(BufferAllocator allocator, Path source, Path target) throws Exception {
        Frames.align(allocator, source, target, ReadOptions.defaults(), FAST);
    }

    @ParameterizedTest
    @MethodSource("reads")
    void readingFailsAsLimit(String name) throws Exception {
        long requests = AllocationFaults.refuseEach(allocator -> read(name, allocator));

        assertThat(requests).isNotNegative();
    }

    @ParameterizedTest
    @MethodSource("writes")
    void writingFailsAsLimitAndLeavesTheOldFile(String name, @TempDir Path folder) throws Exception {
        Path target = folder.resolve("target.npz");
        Path array = folder.resolve("target.npy");
        byte[] old = {1, 2, 3};

        AllocationFaults.refuseEach(allocator -> {
            Files.write(target, old);
            Files.write(array, old);
            try {
                write(name, allocator, target);
            } catch (NpzException e) {
                assertThat(Arrays.equals(Files.readAllBytes(target), old)).isTrue();
                assertThat(Arrays.equals(Files.readAllBytes(array), old)).isTrue();
                throw e;
            } finally {
                try (Stream<Path> files = Files.list(folder)) {
                    assertThat(files).containsExactlyInAnyOrder(target, array);
                }
            }
        });
    }
}
