package org.arrownpz.npy;

import static org.arrownpz.npy.HeaderBytes.file;
import static org.arrownpz.npy.HeaderBytes.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.io.ByteSink;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays over exactly the data that their headers announce, read and written. */
@ExtendWith(LeakCheck.class)
class NpyDataTest {
    private static final Location PLACE = new Location("a.npz", "b.npy");
    private static final ScalarDType I4 = ScalarDType.of(DTypeKind.INT, 4);

    @Test
    void arraysLieOverExactlyTheirData() throws NpzException {
        NpyHeader header = new NpyHeader(1, I4, Shape.of(3), StorageOrder.C, 64, 12);
        for (int length : new int[] {11, 13}) {
            assertThatThrownBy(() -> new NumpyArray(PLACE, header, new HeapSource(new byte[length])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected 12 bytes of data but found " + length);
        }
        NumpyArray array = new NumpyArray(PLACE, header, new HeapSource(new byte[12]));
        assertThat(array.header()).isSameAs(header);
        assertThatThrownBy(() -> array.region(8, 5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void openFilesAreGivenBack(Mapping mapping, BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("a.npy");
        ReadOptions options = ReadOptions.defaults().withMapping(mapping);
        Files.write(file, file(1, header("'<i4'", "(3,)"), 12));
        try (NumpyArray npy = Npy.load(allocator, file, options)) {
            assertThat(npy).hasToString("<i4 (3,) C");
            npy.region(0, 12).close();
            npy.close();
        }
        Files.write(file, new byte[100]);
        assertThatThrownBy(() -> Npy.load(allocator, file, options)).isInstanceOf(NpzException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 16})
    void writesExactlyWhatWasAnnounced(int emitted, BufferAllocator allocator, @TempDir Path directory) {
        Path file = directory.resolve("a.npy");
        ArrayContent content = new ArrayContent() {
            @Override
            public DType dtype() {
                return I4;
            }

            @Override
            public Shape shape() {
                return Shape.of(3);
            }

            @Override
            public StorageOrder order() {
                return StorageOrder.C;
            }

            @Override
            public void writeTo(ByteSink sink) throws NpzException {
                sink.write(ByteBuffer.allocate(emitted));
            }
        };
        assertThat(content.byteLength()).isEqualTo(12);
        assertThatThrownBy(() -> Npy.save(file, content, WriteOptions.defaults()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the array announced 12 bytes but wrote " + emitted);
        assertThat(file).doesNotExist();
    }
}
