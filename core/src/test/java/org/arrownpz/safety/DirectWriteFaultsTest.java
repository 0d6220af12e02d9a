package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.array.Npy;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.io.ByteSink;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.FaultyFileSystem;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The entry points below frames, and those on top of them: whatever fails, and at whichever call, the old file stays,
 * the error is typed, and no temporary file and no memory is left.
 */
@ExtendWith(LeakCheck.class)
class DirectWriteFaultsTest {
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final int ELEMENTS = 20_000;
    private static final int PIECE = 1000;
    private static final byte[] OLD = "old".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private static Path directory;

    private static Samples samples;
    private static Path sorted;
    private static Path shuffled;

    @BeforeAll
    static void makesSamples() throws Exception {
        samples = new Samples(directory);
        sorted = events("sorted.npz", false);
        shuffled = events("shuffled.npz", true);
    }

    /** Integers, emitted in pieces of which one may fail. */
    private static ArrayContent numbers(int failing, RuntimeException failure) {
        return new ArrayContent() {
            @Override
            public DType dtype() {
                return ScalarDType.of(DTypeKind.INT, 8);
            }

            @Override
            public Shape shape() {
                return Shape.of(ELEMENTS);
            }

            @Override
            public StorageOrder order() {
                return StorageOrder.C;
            }

            @Override
            public void writeTo(ByteSink sink) throws NpzException {
                for (int i = 0; i < ELEMENTS; i += PIECE) {
                    if (i == failing) {
                        throw failure;
                    }
                    ByteBuffer piece = ByteBuffer.allocate(8 * PIECE).order(ByteOrder.LITTLE_ENDIAN);
                    for (int k = 0; k < PIECE; k++) {
                        piece.putLong(i + k);
                    }
                    sink.write(piece.flip());
                }
            }
        };
    }

    private static void npz(BufferAllocator allocator, Path target, WriteOptions options, ArrayContent content)
            throws Exception {
        byte[] header = NpyHeaderWriter.numpy(content.dtype(), content.shape(), content.order());
        try (NpzWriter writer = NpzWriter.create(target, options);
                ByteSource other = ByteSources.of(allocator, ByteBuffer.wrap(Files.readAllBytes(samples.frame)))) {
            writer.array("a.npy", header, content);
            writer.bytes("b.json", "{}".getBytes(StandardCharsets.UTF_8));
            writer.copy("c.npz", other);
            writer.unalignedArray("d.npy", header, content);
            writer.finish();
        }
    }

    /** A frame of keys, text and numbers. */
    private static Path events(String name, boolean shuffled) throws Exception {
        Path file = directory.resolve(name);
        int rows = 100;
        try (BufferAllocator allocator = new RootAllocator();
                BigIntVector keys = new BigIntVector("k", allocator);
                VarCharVector text = new VarCharVector("t", allocator);
                BigIntVector values = new BigIntVector("v", allocator)) {
            for (int i = 0; i < rows; i++) {
                keys.setSafe(i, shuffled ? i * 7 % 10 : i / 10);
                text.setSafe(i, ("text " + i).getBytes(StandardCharsets.UTF_8));
                values.setSafe(i, i);
            }
            for (FieldVector vector : List.of(keys, text, values)) {
                vector.setValueCount(rows);
            }
            Frames.write(VectorSchemaRoot.of(keys, text, values), file, FAST);
        }
        return file;
    }

    private static void packed(BufferAllocator allocator, Path source, Path target, WriteOptions options)
            throws Exception {
        try (Frame frame = Frames.open(allocator, source);
                Packed packed = Events.pack(frame, PackSpec.by("k").packRest())) {
            Events.write(packed, target, options);
        }
    }

    private static void write(String name, BufferAllocator allocator, Path target, WriteOptions options)
            throws Exception {
        switch (name) {
            case "npz" -> npz(allocator, target, options, numbers(-1, new ContentFault()));
            case "npz deflated" -> npz(allocator, target, options.deflate(1), numbers(-1, new ContentFault()));
            case "npy" -> Npy.save(target, numbers(-1, new ContentFault()), options);
            case "packed" -> packed(allocator, sorted, target, options);
            case "packed sorting" -> packed(allocator, shuffled, target, options);
            case "align plain" -> align(allocator, samples.plain, target, options);
            case "align deflated" -> align(allocator, samples.deflated, target, options);
            case "align folder" -> align(allocator, samples.folder, target, options);
            default -> throw new AssertionError(name);
        }
    }

    /** What content throws that knows nothing of this library. */
    private static final class ContentFault extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static void align(BufferAllocator allocator, Path source, Path target, WriteOptions options)
            throws Exception {
        Frames.align(allocator, source, target, ReadOptions.defaults(), options);
    }

    private static void assertOnly(Path target) throws Exception {
        try (Stream<Path> files = Files.list(target.getParent())) {
            assertThat(files).containsExactly(target);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "npz",
                "npz deflated",
                "npy",
                "packed",
                "packed sorting",
                "align plain",
                "align deflated",
                "align folder"
            })
    void aFailingFileSystemLeavesTheOldFileOrTheNewOne(String name, BufferAllocator allocator, @TempDir Path folder)
            throws Exception {
        Path target = folder.resolve(name.equals("npy") ? "target.npy" : "target.npz");
        write(name, allocator, target, WriteOptions.defaults());
        byte[] complete = Files.readAllBytes(target);

        List<String> operations = FaultyFileSystem.failEach(
                target,
                path -> {
                    Files.write(target, OLD);
                    write(name, allocator, path, WriteOptions.defaults());
                },
                (operation, thrown) -> {
                    byte[] now = Files.readAllBytes(target);
                    boolean isNew = Arrays.equals(now, complete);
                    assertThat(isNew || thrown && Arrays.equals(now, OLD))
                            .as("after a failed %s", operation)
                            .isTrue();
                    assertOnly(target);
                    assertThat(allocator.getAllocatedMemory())
                            .as("bytes left after a failed %s", operation)
                            .isZero();
                });

        assertThat(operations).contains("create", "write", "force", "close", "move");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "npz",
                "npz deflated",
                "npy",
                "packed",
                "packed sorting",
                "align plain",
                "align deflated",
                "align folder"
            })
    void aRefusingAllocatorLeavesTheOldFile(String name, @TempDir Path folder) throws Exception {
        Path target = folder.resolve(name.equals("npy") ? "target.npy" : "target.npz");

        long requests = AllocationFaults.refuseEach(allocator -> {
            Files.write(target, OLD);
            try {
                write(name, allocator, target, FAST);
            } catch (NpzException e) {
                assertThat(Files.readAllBytes(target)).isEqualTo(OLD);
                throw e;
            } finally {
                assertOnly(target);
            }
            assertThat(Files.readAllBytes(target)).isNotEqualTo(OLD);
        });

        if (!name.startsWith("align") && !name.equals("npy")) {
            assertThat(requests).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, PIECE, ELEMENTS - PIECE})
    void failingContentLeavesTheOldFile(int failing, BufferAllocator allocator, @TempDir Path folder) throws Exception {
        Path target = folder.resolve("target");
        Files.write(target, OLD);
        ContentFault failure = new ContentFault();
        ArrayContent content = numbers(failing, failure);

        assertThatThrownBy(() -> npz(allocator, target, FAST, content)).isSameAs(failure);
        assertThatThrownBy(() -> npz(allocator, target, FAST.deflate(1), content))
                .isSameAs(failure);
        assertThatThrownBy(() -> Npy.save(target, content, FAST)).isSameAs(failure);

        assertThat(Files.readAllBytes(target)).isEqualTo(OLD);
        assertOnly(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"npz", "bus", "npy"})
    void aligningAFileInPlaceKeepsItWhateverFails(String name, BufferAllocator allocator, @TempDir Path folder)
            throws Exception {
        Path source = switch (name) {
            case "npz" -> samples.cOrder;
            case "bus" -> samples.deflatedBus;
            default -> samples.npy;
        };
        Path target = folder.resolve(source.getFileName().toString());
        byte[] before = Files.readAllBytes(source);
        Files.write(target, before);
        align(allocator, target, target, WriteOptions.defaults().withOverwrite());
        byte[] complete = Files.readAllBytes(target);

        FaultyFileSystem.failEach(
                target,
                path -> {
                    Files.write(target, before);
                    align(allocator, path, path, WriteOptions.defaults().withOverwrite());
                },
                (operation, thrown) -> {
                    assertThat(Files.readAllBytes(target))
                            .as("after a failed %s", operation)
                            .isIn(before, complete);
                    assertOnly(target);
                });
        AllocationFaults.refuseEach(refusing -> {
            Files.write(target, before);
            try {
                align(refusing, target, target, FAST.withOverwrite());
            } catch (NpzException e) {
                assertThat(Files.readAllBytes(target)).isEqualTo(before);
                throw e;
            } finally {
                assertOnly(target);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anArchiveThatIsNotFinishedIsNotWritten(int members, @TempDir Path folder) throws Exception {
        Path target = folder.resolve("target.npz");
        Files.write(target, OLD);
        try (NpzWriter writer = NpzWriter.create(target, FAST)) {
            for (int i = 0; i < members; i++) {
                writer.bytes("m" + i, new byte[100]);
            }
        }
        assertThat(Files.readAllBytes(target)).isEqualTo(OLD);
        assertOnly(target);
    }
}
