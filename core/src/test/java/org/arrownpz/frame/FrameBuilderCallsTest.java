package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.Location;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.IndexClass.IndexType;
import org.arrownpz.frame.label.Label;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What callers may ask of a builder, in which order, and what it refuses. */
@ExtendWith(LeakCheck.class)
class FrameBuilderCallsTest {
    private static final ScalarDType INT64 = ScalarDType.of(DTypeKind.INT, 8);

    @TempDir
    Path directory;

    private static NumpyArray longs(Shape shape, long... values) {
        ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        NpyHeader header = new NpyHeader(1, INT64, shape, StorageOrder.FORTRAN, 0, 8L * values.length);
        return new NumpyArray(Location.ofFile(null), header, ByteSources.ofHeap(data));
    }

    @Test
    void noRootHasSuchRowsOrColumns(BufferAllocator allocator) {
        ReadOptions options = ReadOptions.defaults();
        for (long[] shape : new long[][] {{-1, 1}, {1L << 31, 1}, {1, -1}}) {
            assertThatThrownBy(() -> new FrameBuilder(allocator, shape[0], (int) shape[1], options).close())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void builderTakesLabelsBeforeDataAndAsManyAsClasses(BufferAllocator allocator) throws Exception {
        try (FrameBuilder builder = new FrameBuilder(allocator, 2, 1, ReadOptions.defaults())) {
            assertThatThrownBy(() -> builder.columns(Label.NONE, List.of(IndexClass.INDEX), List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.index(Label.NONE, List.of(new IndexClass(IndexType.INDEX, true))))
                    .hasMessageContaining("not grow-only");
            assertThat(builder.nextName()).isEqualTo("0");
            assertThatThrownBy(builder::growOnlyColumns).isInstanceOf(IllegalStateException.class);
            for (NumpyArray wrong :
                    List.of(longs(Shape.of(), 1), longs(Shape.of(3), 1, 2, 3), longs(Shape.of(2, 1, 1), 1, 2))) {
                assertThatThrownBy(() -> builder.array(wrong)).isInstanceOf(IllegalArgumentException.class);
            }
            StructDType record = new StructDType(List.of(new StructDType.Field("a", null, INT64, 0)), 8);
            NpyHeader header = new NpyHeader(1, record, Shape.of(2), StorageOrder.C, 0, 16);
            NumpyArray records =
                    new NumpyArray(Location.ofFile(null), header, ByteSources.ofHeap(ByteBuffer.allocate(16)));
            assertThatThrownBy(() -> builder.array(records)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("missing");
            builder.vector(Roots.longs(allocator, "0", 1, 2)).build().close();
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("already");
        }
    }

    @Test
    void builderGivesGrowOnlyColumnsAndHierarchies(BufferAllocator allocator) throws Exception {
        Path file = directory.resolve("built.npz");
        try (FrameBuilder builder = new FrameBuilder(allocator, 2, 1, ReadOptions.defaults())) {
            builder.growOnlyColumns()
                    .index(Label.NONE, List.of(IndexClass.INDEX, IndexClass.INDEX))
                    .vector(Roots.longs(allocator, builder.nextName(), 1, 2));
            builder.vector(Roots.longs(allocator, builder.nextName(), 3, 4));
            builder.vector(Roots.longs(allocator, builder.nextName(), 5, 6));
            try (Frame frame = builder.build()) {
                Frames.write(frame, file, WriteOptions.defaults());
            }
        }
        try (Frame frame = Frames.open(allocator, file)) {
            assertThat(frame.index().depth()).isEqualTo(2);
            assertThat(frame.columns().indexClass()).isEqualTo(new IndexClass(IndexType.INDEX, true));
            assertThat(Roots.values(frame.root().getVector(2))).containsExactly(5L, 6L);
        }
    }
}
