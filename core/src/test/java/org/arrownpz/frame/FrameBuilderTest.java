package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.frame.label.Label;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameBuilderTest {
    private static final ScalarDType INT64 = ScalarDType.of(DTypeKind.INT, 8);
    private static final ScalarDType DAYS = ScalarDType.datetime(TimeUnit64.of(TimeUnit64.Base.DAY));
    private static final IndexClass DATE = IndexClass.of(IndexType.DATE);

    @TempDir
    Path directory;

    private BufferAllocator allocator;

    @BeforeEach
    void open() {
        allocator = new RootAllocator();
    }

    @AfterEach
    void releasesAllMemory() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    private static NumpyArray labels(ScalarDType dtype, long... values) {
        ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        return new NumpyArray(Location.ofFile(null), header(dtype, values.length), ByteSources.ofHeap(data));
    }

    private static NpyHeader header(ScalarDType dtype, long... lengths) {
        Shape shape = Shape.of(lengths);
        return new NpyHeader(1, dtype, shape, StorageOrder.FORTRAN, 0, 8 * shape.elements());
    }

    private void add(FrameBuilder builder, ScalarDType dtype, long[] shape, long... values) throws NpzException {
        try (ArrowBuf data = allocator.buffer(8L * values.length);
                ByteSource source = ByteSources.of(data, 0, 8L * values.length)) {
            for (int i = 0; i < values.length; i++) {
                data.setLong(8L * i, values[i]);
            }
            builder.array(new NumpyArray(Location.ofFile(null), header(dtype, shape), source));
        }
    }

    private FrameBuilder builder(int columns) {
        return new FrameBuilder(allocator, 2, columns, ReadOptions.defaults());
    }

    @Test
    void buildsWhatAFileOfTheSameArraysGives() throws Exception {
        Path file = directory.resolve("built.npz");
        try (FrameBuilder builder = builder(3)) {
            builder.name(Label.of("f"))
                    .index(Label.of("day"), List.of(DATE))
                    .columns(Label.NONE, List.of(IndexClass.INDEX), List.of(labels(INT64, 7, 8, 9)));
            add(builder, DAYS, new long[] {2}, 10, 11);
            add(builder, INT64, new long[] {2, 2}, 1, 2, 3, 4);
            add(builder, INT64, new long[] {2}, 5, 6);
            try (Frame frame = builder.build()) {
                assertThat(frame.root().contentToTSVString()).isEqualTo("day\t7\t8\t9\n10\t1\t3\t5\n11\t2\t4\t6\n");
                Frames.write(frame, file, WriteOptions.defaults());
            }
        }
        try (Frame read = Frames.open(allocator, file)) {
            assertThat(read.name().text()).isEqualTo("f");
            assertThat(read.index().indexClass()).isEqualTo(DATE);
            assertThat(read.columns().label(2)).isEqualTo(Label.of(9));
            assertThat(read.blockCount()).isEqualTo(2);
        }
    }

    @Test
    void consolidatesAdjacentColumnsOfOneDtype() throws Exception {
        Path file = directory.resolve("built.npz");
        try (FrameBuilder builder = builder(2)) {
            builder.consolidate();
            add(builder, INT64, new long[] {2}, 1, 2);
            add(builder, INT64, new long[] {2}, 3, 4);
            try (Frame frame = builder.build()) {
                Frames.write(frame, file, WriteOptions.defaults());
            }
        }
        try (Frame read = Frames.open(allocator, file)) {
            assertThat(read.blockCount()).isEqualTo(1);
            assertThat(read.index().isAuto()).isTrue();
        }
    }

    @Test
    void takesVectorsOfTheRightNameAndLength() {
        try (FrameBuilder builder = builder(1);
                IntVector wrong = new IntVector("x", allocator)) {
            wrong.setValueCount(2);
            assertThatThrownBy(() -> builder.vector(wrong)).isInstanceOf(IllegalArgumentException.class);
            BigIntVector right = new BigIntVector(builder.nextName(), allocator);
            right.setValueCount(2);
            try (Frame frame = builder.vector(right).build()) {
                assertThat(frame.columnNames()).containsExactly("0");
            }
        }
    }

    @Test
    void refusesDoubledColumnLabels() {
        try (FrameBuilder builder = builder(2)) {
            List<NumpyArray> levels = List.of(labels(INT64, 1, 1));
            assertThatThrownBy(() -> builder.columns(Label.NONE, List.of(IndexClass.INDEX), levels))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_LABELS));
        }
    }

    @Test
    void refusesLabelsThatDoNotFitTheirClassOrTheColumns() {
        try (FrameBuilder builder = builder(2)) {
            List<NumpyArray> three = List.of(labels(INT64, 1, 2, 3));
            assertThatThrownBy(() -> builder.columns(Label.NONE, List.of(IndexClass.INDEX), three))
                    .isInstanceOf(NpzException.class);
            List<NumpyArray> deltas = List.of(labels(ScalarDType.timedelta(TimeUnit64.of(TimeUnit64.Base.DAY)), 1, 2));
            assertThatThrownBy(() -> builder.columns(Label.NONE, List.of(DATE), deltas))
                    .isInstanceOf(NpzException.class);
        }
    }

    @Test
    void refusesGrowOnlyIndicesAndNestedHierarchies() {
        try (FrameBuilder builder = builder(1)) {
            List<IndexClass> growOnly = List.of(new IndexClass(IndexType.INDEX, true));
            assertThatThrownBy(() -> builder.index(Label.NONE, growOnly)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.index(Label.NONE, List.of())).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.index(Label.NONE, List.of(IndexClass.INDEX, IndexClass.HIERARCHY)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesTooManyTooFewAndMisshapenColumns() throws Exception {
        try (FrameBuilder builder = builder(1)) {
            assertThatThrownBy(builder::build).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> add(builder, INT64, new long[] {3}, 1, 2, 3))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> add(builder, INT64, new long[] {2, 2}, 1, 2, 3, 4))
                    .isInstanceOf(IllegalArgumentException.class);
            add(builder, INT64, new long[] {2}, 1, 2);
            assertThatThrownBy(() -> add(builder, INT64, new long[] {2}, 1, 2))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> builder.index(Label.NONE, List.of(DATE)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
