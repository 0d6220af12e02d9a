package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of which a file holds no byte cost no heap by the word of a header. */
class EmptyColumnsTest {
    private static final ScalarDType BYTE = ScalarDType.of(DTypeKind.INT, 1);
    private static final long HEAP = 8 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path directory;

    @Test
    void manyColumnsWithoutAByteAreOneColumnOfListsAndComeBack() throws Exception {
        for (Shape shape : List.of(Shape.of(0, 347_572), Shape.of(0, 1_000_000), Shape.of(0, 2_000_000_000))) {
            byte[] array = NpyHeaderWriter.numpy(BYTE, shape, StorageOrder.C);
            Path target = directory.resolve("copy.npy");
            long heap = THREADS.getCurrentThreadAllocatedBytes();
            try (BufferAllocator allocator = new RootAllocator();
                    Frame frame = Frames.open(allocator, ByteBuffer.wrap(array), ReadOptions.defaults())) {
                assertThat(frame.root().getFieldVectors()).hasSize(1).first().isInstanceOf(FixedSizeListVector.class);
                assertThat(frame.copyReport().toString()).contains("hold no byte");
                Frames.write(frame, target, WriteOptions.defaults());
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - heap).isLessThan(HEAP);
            assertThat(Files.readAllBytes(target)).isEqualTo(array);
        }
    }

    @Test
    void asManyColumnsAsTheLimitAllowsAreColumns() throws Exception {
        ReadOptions more =
                ReadOptions.defaults().withLimits(ReadLimits.defaults().withEmptyColumns(5000));
        byte[] array = NpyHeaderWriter.numpy(BYTE, Shape.of(0, 5000), StorageOrder.C);

        assertThat(columns(array, ReadOptions.defaults())).isOne();
        assertThat(columns(array, more)).isEqualTo(5000);
        assertThat(columns(NpyHeaderWriter.numpy(BYTE, Shape.of(0, 4096), StorageOrder.C), ReadOptions.defaults()))
                .isEqualTo(4096);
    }

    @Test
    void framesOfManyColumnsOpenByTheirLabels() throws Exception {
        Path labelled = directory.resolve("labelled.npz");
        try (BufferAllocator allocator = new RootAllocator()) {
            List<FieldVector> vectors = new ArrayList<>();
            for (int i = 0; i < 6000; i++) {
                vectors.add(Field.nullable("column " + i, Types.MinorType.BIGINT.getType())
                        .createVector(allocator));
            }
            try (VectorSchemaRoot root = new VectorSchemaRoot(vectors)) {
                Frames.write(root, labelled, WriteOptions.defaults());
            }
            try (Frame frame = Frames.open(allocator, labelled)) {
                assertThat(frame.columnNames()).hasSize(6000);
            }
        }
    }

    @Test
    void framesWithoutLabelsAreRefusedBeyondTheLimit() throws Exception {
        Path frame = directory.resolve("frame.npz");
        Path source = directory.resolve("source.npy");
        Files.write(source, NpyHeaderWriter.numpy(BYTE, Shape.of(0, 5000), StorageOrder.C));
        ReadOptions more =
                ReadOptions.defaults().withLimits(ReadLimits.defaults().withEmptyColumns(5000));
        try (BufferAllocator allocator = new RootAllocator()) {
            try (Frame array = Frames.open(allocator, source, more)) {
                Frames.write(array, frame, WriteOptions.defaults().withForm(ArchiveForm.FRAME));
            }
            try (Frame read = Frames.open(allocator, frame, more)) {
                assertThat(read.columnNames()).hasSize(5000);
            }
            assertThatThrownBy(() -> Frames.open(allocator, frame))
                    .hasMessageContaining("neither a byte nor a label")
                    .hasMessageContaining("withEmptyColumns");
        }
    }

    private static int columns(byte[] array, ReadOptions options) throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                Frame frame = Frames.open(allocator, ByteBuffer.wrap(array), options)) {
            return frame.columnNames().size();
        }
    }
}
