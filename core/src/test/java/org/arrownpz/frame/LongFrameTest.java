package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** More rows than a root holds, in a sparse file. */
@ExtendWith(LeakCheck.class)
class LongFrameTest {
    private static final long ROWS = (1L << 31) + 10;
    private static final int BATCH = 1 << 30;

    @Test
    void rootRefusesAndReaderReadsThemInBatches(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path path = directory.resolve("long.npy");
        byte[] header = NpyHeaderWriter.numpy(ScalarDType.of(DTypeKind.UINT, 1), Shape.of(ROWS), StorageOrder.C);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(header);
            file.setLength(header.length + ROWS);
            file.seek(header.length);
            file.write(7);
            file.seek(header.length + ROWS - 1);
            file.write(9);
        }
        try (Frame frame = Frames.open(allocator, path)) {
            assertThat(frame.rowCount()).isEqualTo(ROWS);
            assertThat(frame.copyReport().notes())
                    .anySatisfy(note -> assertThat(note).contains("Frame.reader"));
            assertThatThrownBy(frame::root)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Frame.reader(batchRows)");
            List<Integer> sizes = new ArrayList<>();
            try (ArrowReader reader = frame.reader(BATCH)) {
                while (reader.loadNextBatch()) {
                    UInt1Vector batch =
                            (UInt1Vector) reader.getVectorSchemaRoot().getVector(0);
                    sizes.add(batch.getValueCount());
                    if (sizes.size() == 1) {
                        assertThat(batch.get(0)).isEqualTo((byte) 7);
                    } else if (sizes.size() == 3) {
                        assertThat(batch.get(9)).isEqualTo((byte) 9);
                    }
                }
            }
            assertThat(sizes).containsExactly(BATCH, BATCH, 10);
            try (Frame taken = frame.take(ROWS - 1, 5, 0, ROWS - 1, 1L << 31);
                    Frame none = frame.take()) {
                assertThat(Roots.values(taken.column(0)))
                        .isEqualTo(List.of((byte) 9, (byte) 0, (byte) 7, (byte) 9, (byte) 0));
                assertThat(none.root().getRowCount()).isZero();
            }
        }
    }

    @Test
    void columnsAndRowsOfThemAreFramesOfTheirOwn(BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path path = directory.resolve("block.npy");
        byte[] header = NpyHeaderWriter.numpy(ScalarDType.of(DTypeKind.UINT, 1), Shape.of(ROWS, 2), StorageOrder.C);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(header);
            file.setLength(header.length + 2 * ROWS);
            file.seek(header.length + 2 * ROWS - 1);
            file.write(9);
        }
        try (Frame frame = Frames.open(allocator, path);
                Frame second = frame.select("1");
                Frame end = second.slice(ROWS - 3, 3);
                Frame most = frame.slice(5, ROWS - 5)) {
            assertThat(frame.columnNames()).containsExactly("0", "1");
            assertThat(frame.batchRows()).isBetween(1 << 20, 1 << 27).matches(rows -> rows % 8 == 0);
            assertThat(most.batchRows()).isEqualTo(frame.batchRows());
            assertThat(frame.blockCount()).isOne();
            assertThatThrownBy(() -> frame.block(0)).isInstanceOf(NpzException.class);
            assertThat(second.blockCount()).isZero();
            frame.checkUnchanged();
            end.checkUnchanged();
            assertThat(Roots.values(end.root().getVector("1"))).isEqualTo(List.of((byte) 0, (byte) 0, (byte) 9));
            assertThatThrownBy(most::root)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Frame.reader(batchRows)");
            try (ArrowReader reader = most.reader(4)) {
                assertThat(reader.loadNextBatch()).isTrue();
                assertThat(reader.getVectorSchemaRoot().getRowCount()).isEqualTo(4);
            }
        }
    }
}
