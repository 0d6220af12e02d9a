package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.write.RowCount;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many rows frames have: without columns, in batches, and more than a root holds. */
@ExtendWith(LeakCheck.class)
class FrameRowsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"AS_READ", "FRAME"})
    void keepsTheRowsOfAFrameWithoutColumns(ArchiveForm form, BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("rows.npz");
        Schema none = new Schema(List.of());
        Frames.write(
                new VectorSchemaRoot(none, List.of(), 7),
                file,
                WriteOptions.defaults().withForm(form));

        for (Verify verify : Verify.values()) {
            try (Frame frame =
                    Frames.open(allocator, file, ReadOptions.defaults().withVerify(verify))) {
                assertThat(frame.rowCount()).isEqualTo(7);
                assertThat(frame.root().getRowCount()).isEqualTo(7);
                assertThat(frame.columns().length()).isZero();
                try (Frame copy = frame.copy();
                        ArrowReader reader = frame.reader(5)) {
                    assertThat(copy.rowCount()).isEqualTo(7);
                    assertThat(reader.loadNextBatch()).isTrue();
                    assertThat(reader.getVectorSchemaRoot().getRowCount()).isEqualTo(5);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void batchesWithoutColumnsAreAFrameWithoutColumns(boolean stated, BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("none.npz");
        try (VectorSchemaRoot none = new VectorSchemaRoot(new Schema(List.of()), List.of(), 5);
                ArrowReader reader = new SlicedReader(allocator, none, 2, 3)) {
            if (stated) {
                Frames.write(reader, 5, file, WriteOptions.defaults());
            } else {
                Frames.write(reader, file, WriteOptions.defaults());
            }
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.columnNames()).isEmpty();
            assertThat(frame.blockCount()).isZero();
        }
    }

    @Test
    void failureOfAReaderWithoutColumnsIsATypedOne(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("none.npz");
        try (VectorSchemaRoot none = new VectorSchemaRoot(new Schema(List.of()), List.of(), 5);
                SlicedReader reader = new SlicedReader(allocator, none, 2, 3)) {
            reader.failAt = 1;
            assertThatThrownBy(() -> Frames.write(reader, file, WriteOptions.defaults()))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
                    .hasMessageContaining("no more")
                    .hasCauseInstanceOf(IOException.class);
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void columnsHaveTheRowsOfTheirBatch(BufferAllocator allocator) {
        RowCount rows = RowCount.stated(Location.ofFile("f.npz"), 5);
        try (FieldVector vector = Roots.longs(allocator, "v", 1, 2)) {
            assertThatThrownBy(() -> rows.check(vector, 3))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_SHAPE))
                    .hasMessageContaining("'v'");
        }
        assertThatThrownBy(() -> RowCount.stated(Location.ofFile("f.npz"), -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void moreRowsThanARootHoldsAreReadInBatchesFromFramesToo(BufferAllocator allocator) throws Exception {
        long rows = (1L << 31) + 5;
        Path folder = Files.createDirectory(directory.resolve("long"));
        byte[] header =
                NpyHeaderWriter.staticFrame(ScalarDType.of(DTypeKind.UINT, 1), Shape.of(rows), StorageOrder.FORTRAN);
        try (RandomAccessFile sparse =
                new RandomAccessFile(folder.resolve("__blocks_0__.npy").toFile(), "rw")) {
            sparse.write(header);
            sparse.setLength(header.length + rows);
            sparse.seek(header.length + rows - 1);
            sparse.write(9);
        }
        Files.writeString(
                folder.resolve(FrameMetadata.MEMBER),
                "{\"__names__\": [null, null, null], \"__types__\": [\"Index\", \"Index\"], \"__depths__\": [1, 1, 1]}");
        try (Frame frame = Frames.open(allocator, folder)) {
            assertThat(frame.rowCount()).isEqualTo(rows);
            assertThat(frame.dictionaries().getDictionaryIds()).isEmpty();
            assertThat(frame.blockCount()).isEqualTo(1);
            try (ArrowReader reader = frame.reader(1 << 30)) {
                int last = 0;
                while (reader.loadNextBatch()) {
                    VectorSchemaRoot batch = reader.getVectorSchemaRoot();
                    last = batch.getRowCount() == 5 ? (int) ((UInt1Vector) batch.getVector(0)).get(4) : -1;
                }
                assertThat(last).isEqualTo(9);
            }
        }
    }
}
