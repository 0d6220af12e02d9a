package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ReadOptions;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.read.TestArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of arrays that are larger than memory should be: sparse files, of which few values are written. */
@ExtendWith(LeakCheck.class)
class BigBlockTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    /** An array of zeros that takes no room on the disk, but for these elements, which hold their own numbers. */
    private Path sparse(String descr, Shape shape, StorageOrder order, long... elements) throws Exception {
        Path file = directory.resolve("big.npy");
        byte[] header = NpyHeaderWriter.numpy(TestArrays.dtype(descr), shape, order);
        int width = (int) TestArrays.dtype(descr).itemSize();
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.write(header);
            bytes.setLength(header.length + shape.elements() * width);
            FileChannel channel = bytes.getChannel();
            for (long element : elements) {
                ByteBuffer value = ByteBuffer.allocate(width).order(ByteOrder.LITTLE_ENDIAN);
                if (width == 4) {
                    value.putFloat(0, element);
                } else {
                    value.putDouble(0, element);
                }
                channel.write(value, header.length + element * width);
            }
        }
        return file;
    }

    @Test
    void rowOfARowMajorMatrixTakesThatRowAlone(BufferAllocator allocator) throws Exception {
        long rows = 20_000_000;
        long last = rows - 1;
        Path file = sparse("'<f4'", Shape.of(rows, 256), StorageOrder.C, 3, 256 * last + 255);
        try (Frame frame = Frames.open(allocator, file)) {
            long before = allocator.getAllocatedMemory();
            try (Frame taken = frame.take(0, last, 0);
                    ArrowReader reader = frame.reader(10)) {
                assertThat(((Float4Vector) taken.root().getVector(3)).get(2)).isEqualTo(3);
                assertThat(((Float4Vector) taken.root().getVector(255)).get(1)).isEqualTo(256f * last + 255);
                assertThat(reader.loadNextBatch()).isTrue();
                assertThat(((Float4Vector) reader.getVectorSchemaRoot().getVector(3)).get(0))
                        .isEqualTo(3);
                assertThat(allocator.getPeakMemoryAllocation() - before).isLessThan(2 * MIB);
            }
            assertThat(frame.copyReport().columns()).noneMatch(CopyReport.Column::isRead);
        }
    }

    @Test
    void batchesOfARowMajorMatrixTakeTheirOwnMemory(BufferAllocator allocator) throws Exception {
        Path file = sparse(
                "'<f8'",
                Shape.of(1_000_000, 8),
                StorageOrder.C,
                LongStream.range(0, 8_000).toArray());
        try (Frame frame = Frames.open(allocator, file);
                ArrowReader reader = frame.reader(10_000)) {
            VectorSchemaRoot batch = reader.getVectorSchemaRoot();
            long rows = 0;
            while (reader.loadNextBatch()) {
                if (rows == 0) {
                    assertThat(((Float8Vector) batch.getVector(7)).get(999)).isEqualTo(7_999);
                }
                rows += batch.getRowCount();
            }
            assertThat(rows).isEqualTo(1_000_000);
            assertThat(allocator.getPeakMemoryAllocation()).isLessThan(4 * MIB);
        }
    }

    /** Of 2.5 GB, which one mapping of old JDKs does not hold. */
    @ParameterizedTest
    @EnumSource(StorageOrder.class)
    void rowOfImagesTakesThatRowAlone(StorageOrder order, BufferAllocator allocator) throws Exception {
        long images = 13_000_000;
        long last = images - 1;
        // Element (last, 2, 3, 1) in either order.
        long element =
                order == StorageOrder.C ? ((last * 4 + 2) * 4 + 3) * 3 + 1 : last + images * (2 + 4 * (3 + 4 * 1));
        Path file = sparse("'<f4'", Shape.of(images, 4, 4, 3), order, element);
        try (Frame frame = Frames.open(allocator, file);
                Frame taken = frame.take(last, 0)) {
            FieldVector values = taken.root().getVector(0);
            while (values instanceof FixedSizeListVector list) {
                values = list.getDataVector();
            }
            Float4Vector floats = (Float4Vector) values;
            int at = (2 * 4 + 3) * 3 + 1;
            assertThat(IntStream.range(0, 96).filter(i -> floats.get(i) != 0)).containsExactly(at);
            assertThat(floats.get(at)).isEqualTo(element);
            assertThat(allocator.getPeakMemoryAllocation()).isLessThan(2 * MIB);
        }
    }

    @Test
    void vectorsOfALongMatrixAreViews(BufferAllocator allocator) throws Exception {
        long rows = 3_000_000;
        Path file = sparse("'<f4'", Shape.of(rows, 256), StorageOrder.C, 256 * (rows - 1));
        ReadOptions vectors = ReadOptions.defaults().withVectors("vector");
        try (Frame frame = Frames.open(allocator, file, vectors);
                ArrowReader reader = frame.reader(1_000_000)) {
            float[] firsts = new float[3];
            for (int i = 0; reader.loadNextBatch(); i++) {
                FixedSizeListVector batch =
                        (FixedSizeListVector) reader.getVectorSchemaRoot().getVector(0);
                firsts[i] = ((Float4Vector) batch.getDataVector()).get((batch.getValueCount() - 1) * 256);
            }
            assertThat(Arrays.equals(firsts, new float[] {0, 0, 256f * (rows - 1)}))
                    .isTrue();
            assertThat(allocator.getPeakMemoryAllocation()).isLessThan(64 * MIB);
        }
    }

    @Test
    void batchesAreSmallWhereColumnsAreConverted(BufferAllocator allocator) throws Exception {
        Path rows = sparse("'<f8'", Shape.of(20_000_000, 8), StorageOrder.C);
        try (Frame frame = Frames.open(allocator, rows);
                Frame one = frame.select("3")) {
            assertThat(frame.batchRows()).isBetween(100_000, 1_000_000).matches(count -> count % 8 == 0);
            assertThat(one.batchRows()).isEqualTo(frame.batchRows());
        }
        Path columns = sparse("'<f8'", Shape.of(20_000_000, 8), StorageOrder.FORTRAN);
        try (Frame frame = Frames.open(allocator, columns)) {
            assertThat(frame.batchRows()).isEqualTo(20_000_000);
            frame.column(0);
            assertThat(frame.batchRows()).isEqualTo(20_000_000);
        }
    }
}
