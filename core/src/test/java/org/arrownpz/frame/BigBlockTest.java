package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.SparseArrays;
import org.arrownpz.vector.CopyReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of arrays that are larger than memory should be: sparse files, of which few values are written. */
@ExtendWith(LeakCheck.class)
class BigBlockTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    /** An array of zeros, but for these elements, which hold their own numbers. */
    private Path sparse(String descr, Shape shape, StorageOrder order, long... elements) throws Exception {
        return SparseArrays.write(directory.resolve("big.npy"), descr.charAt(3) - '0', shape, order, elements);
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

    @Test
    void columnsOfARowMajorMatrixAreWrittenSomeRowsAtATime(BufferAllocator allocator) throws Exception {
        int rows = 300_000;
        Path file = sparse("'<f8'", Shape.of(rows, 64), StorageOrder.C, 64L * rows - 3, 65);
        Path target = directory.resolve("target.npz");
        try (Frame frame = Frames.open(allocator, file);
                Frame some = frame.select("1", "61")) {
            Frames.write(some, target, WriteOptions.defaults());
            assertThat(allocator.getPeakMemoryAllocation()).isLessThan(3 * MIB);
        }
        try (Frame written = Frames.open(allocator, target)) {
            assertThat(written.columnNames()).containsExactly("1", "61");
            assertThat(written.rowCount()).isEqualTo(rows);
            assertThat(((Float8Vector) written.column(0)).get(1)).isEqualTo(65);
            assertThat(((Float8Vector) written.column(1)).get(rows - 1)).isEqualTo(64L * rows - 3);
        }
    }

    @Test
    void matrixOfWhichAColumnWasMadeIsWrittenAsAMatrix(BufferAllocator allocator) throws Exception {
        Path file = sparse("'<f8'", Shape.of(300_000, 64), StorageOrder.C, 65);
        Path target = directory.resolve("target.npz");
        try (Frame frame = Frames.open(allocator, file)) {
            frame.column(3);
            Frames.write(frame, target, WriteOptions.defaults());
        }
        try (NumpyArrays written = Npz.open(allocator, target)) {
            assertThat(written.names()).containsExactly("arr_0");
            assertThat(written.get("arr_0").order()).isEqualTo(StorageOrder.C);
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

    /** Of 8 GB, whose columns lie 80 MB apart; a range of rows, and one that is too long to be read value by value. */
    @ParameterizedTest
    @CsvSource({"F, 1", "F, 1000", "F, 30000", "C, 1000"})
    void rangeOfRowsTakesTheseAlone(String order, int count, BufferAllocator allocator) throws Exception {
        long rows = 10_000_000;
        long from = rows - count;
        boolean fortran = order.equals("F");
        long element = fortran ? 100 * rows + rows - 1 : (rows - 1) * 200 + 100;
        StorageOrder stored = fortran ? StorageOrder.FORTRAN : StorageOrder.C;
        Path file = sparse("'<f4'", Shape.of(rows, 200), stored, element);
        try (Frame frame = Frames.open(allocator, file);
                Frame slice = frame.slice(from, count)) {
            assertThat(((Float4Vector) slice.root().getVector(100)).get(count - 1))
                    .isEqualTo(element);
            assertThat(((Float4Vector) slice.root().getVector(99)).get(count - 1))
                    .isZero();
            assertThat(allocator.getPeakMemoryAllocation()).isLessThan(3 * MIB);
        }
    }

    @Test
    void rangeOfImagesInFortranOrderTakesTheseAlone(BufferAllocator allocator) throws Exception {
        long images = 13_000_000;
        // Element (images - 2, 2, 3, 1).
        long element = images - 2 + images * (2 + 4 * (3 + 4 * 1));
        Path file = sparse("'<f4'", Shape.of(images, 4, 4, 3), StorageOrder.FORTRAN, element);
        for (int count : new int[] {5, 5_000}) {
            try (Frame frame = Frames.open(allocator, file);
                    Frame slice = frame.slice(images - count, count)) {
                FieldVector values = slice.root().getVector(0);
                while (values instanceof FixedSizeListVector list) {
                    values = list.getDataVector();
                }
                Float4Vector floats = (Float4Vector) values;
                int at = (count - 2) * 48 + (2 * 4 + 3) * 3 + 1;
                assertThat(IntStream.range(0, 48 * count).filter(i -> floats.get(i) != 0))
                        .containsExactly(at);
                assertThat(floats.get(at)).isEqualTo(element);
                assertThat(allocator.getPeakMemoryAllocation()).isLessThan(3 * MIB);
            }
        }
    }
}
