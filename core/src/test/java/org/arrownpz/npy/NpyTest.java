package org.arrownpz.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.io.ByteSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NpyTest {
    private final BufferAllocator allocator = new RootAllocator();

    @TempDir
    Path folder;

    @AfterEach
    void everythingIsGivenBack() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    static List<String> golden() {
        return Stream.of("npy", "structured")
                .flatMap(name -> TestData.npyFiles("golden/numpy/" + name).stream())
                .filter(file ->
                        !TestData.json(file + ".json").path("npy_version").isMissingNode())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void rewritesNumpysFilesByteForByte(String name) throws IOException {
        Path original = TestData.path(name);
        Path copy = folder.resolve("copy.npy");

        try (NumpyArray array = Npy.load(allocator, original)) {
            Npy.save(copy, array, WriteOptions.defaults());
        }

        assertThat(copy).hasSameBinaryContentAs(original);
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void regionsOutliveTheFile(Mapping mapping) throws IOException {
        Path path = folder.resolve("a.npy");
        Npy.save(path, bytes(3, new byte[] {1, 2, 3}), WriteOptions.defaults());

        ArrowBuf region;
        try (NumpyArray array = Npy.load(allocator, path, ReadOptions.defaults().withMapping(mapping))) {
            region = array.region(1, 2);
        }

        assertThat(region.getByte(0)).isEqualTo((byte) 2);
        assertThat(region.getByte(1)).isEqualTo((byte) 3);
        region.close();
    }

    @Test
    void ignoresBytesBehindTheArray() throws IOException {
        Path path = folder.resolve("twice.npy");
        Npy.save(path, bytes(3, new byte[] {1, 2, 3}), WriteOptions.defaults());
        byte[] once = Files.readAllBytes(path);
        byte[] twice = Arrays.copyOf(once, 2 * once.length);
        System.arraycopy(once, 0, twice, once.length, once.length);
        Files.write(path, twice);

        try (NumpyArray array = Npy.load(allocator, path)) {
            assertThat(array.data().size()).isEqualTo(3);
        }
    }

    @Test
    void leavesTheTargetAloneWhenTheContentFails() throws IOException {
        Path path = folder.resolve("a.npy");
        Npy.save(path, bytes(3, new byte[] {1, 2, 3}), WriteOptions.defaults());
        byte[] before = Files.readAllBytes(path);

        assertThatIllegalStateException()
                .isThrownBy(() -> Npy.save(path, bytes(3, new byte[] {1, 2}), WriteOptions.defaults()))
                .withMessageContaining("announced 3 bytes but wrote 2");
        assertThatThrownBy(() -> Npy.save(path, failing(), WriteOptions.defaults()))
                .isInstanceOf(NpzException.class);

        assertThat(Files.readAllBytes(path)).isEqualTo(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void refusesWhatIsNoNpyFileAndGivesEverythingBack() throws IOException {
        Path path = Files.write(folder.resolve("a.npy"), new byte[200]);

        NpzException wrong = catchThrowableOfType(NpzException.class, () -> Npy.load(allocator, path));
        NpzException absent =
                catchThrowableOfType(NpzException.class, () -> Npy.load(allocator, folder.resolve("no.npy")));
        NpzException directory = catchThrowableOfType(NpzException.class, () -> Npy.load(allocator, folder));

        assertThat(wrong.code()).isEqualTo(ErrorCode.MAGIC);
        assertThat(wrong.file()).isEqualTo(path.toString());
        assertThat(absent.code()).isEqualTo(ErrorCode.IO);
        assertThat(directory.code()).isEqualTo(ErrorCode.IO);
    }

    private static ArrayContent bytes(long length, byte[] values) {
        return content(
                ScalarDType.of(DTypeKind.UINT, 1),
                Shape.of(length),
                StorageOrder.C,
                sink -> sink.write(ByteBuffer.wrap(values)));
    }

    private static ArrayContent failing() {
        return content(ScalarDType.of(DTypeKind.UINT, 1), Shape.of(3), StorageOrder.C, sink -> {
            throw NpzException.of(ErrorCode.FILE_CHANGED, "the source vanished").build();
        });
    }

    private interface Emission {
        void writeTo(ByteSink sink) throws NpzException;
    }

    private static ArrayContent content(DType dtype, Shape shape, StorageOrder order, Emission emission) {
        return new ArrayContent() {
            @Override
            public DType dtype() {
                return dtype;
            }

            @Override
            public Shape shape() {
                return shape;
            }

            @Override
            public StorageOrder order() {
                return order;
            }

            @Override
            public void writeTo(ByteSink sink) throws NpzException {
                emission.writeTo(sink);
            }
        };
    }
}
