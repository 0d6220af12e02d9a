package org.arrownpz.compare;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.FrameBuilder;
import org.arrownpz.frame.label.Label;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.io.HeapSource;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;

/**
 * Makes the frame of a fixture: blocks of adjacent columns of one dtype, column after column, each a copy of its part of
 * the dtype's stream, which is made once. Streams are a few megabytes at most, so that columns cost what copying costs.
 */
final class FixtureFrame {
    private static final Location LOCATION = Location.ofFile(null);
    /** Memory for columns that are converted to something else. */
    private static final long SCRATCH = 16L << 20;

    private final FrameFixture fixture;
    private final BufferAllocator allocator;
    private final ReadOptions options;
    private final Map<ScalarDType, byte[]> streams = new HashMap<>();
    private final ObjectColumns objects;
    private final Slabs slabs;

    FixtureFrame(FrameFixture fixture, BufferAllocator allocator, ReadOptions options) {
        this.fixture = fixture;
        this.allocator = allocator;
        this.options = options;
        this.objects = new ObjectColumns(allocator, options);
        this.slabs = new Slabs(allocator);
    }

    Frame build() throws NpzException {
        try (slabs;
                FrameBuilder builder = new FrameBuilder(allocator, fixture.rows(), fixture.columns(), options)) {
            builder.consolidate();
            FixtureAxis index = fixture.index();
            if (index != null) {
                builder.index(Label.NONE, index.classes());
            }
            labelColumns(builder);
            if (index != null) {
                for (FixtureAxis.Level level : index.levels()) {
                    addLevel(builder, level, index.count());
                }
            }
            int next = 0;
            while (next < fixture.columns()) {
                next = addColumns(builder, next);
            }
            return builder.build();
        }
    }

    private void labelColumns(FrameBuilder builder) throws NpzException {
        FixtureAxis labels = fixture.labels();
        if (labels != null) {
            List<NpyArray> levels = new ArrayList<>();
            for (FixtureAxis.Level level : labels.levels()) {
                ByteSource source = new HeapSource(ByteBuffer.wrap(level.bytes(labels.count())));
                levels.add(new NpyArray(LOCATION, header(level.dtype(labels.count()), labels.count()), source));
            }
            builder.columns(Label.NONE, labels.classes(), levels);
        } else if (fixture.growOnly()) {
            builder.growOnlyColumns();
        }
    }

    private void addLevel(FrameBuilder builder, FixtureAxis.Level level, int count) throws NpzException {
        if (!(level.type() instanceof ValueType.Numpy)) {
            String name = builder.nextName();
            add(builder, objects.vector(name, level.type(), level.from(), level.repeats(), count));
            return;
        }
        byte[] labels = level.bytes(count);
        try (ArrowBuf data = Allocations.allocate(allocator, labels.length, LOCATION, "index labels")) {
            data.setBytes(0, labels);
            add(builder, data, header(level.dtype(count), count));
        }
    }

    // Adjacent columns of one dtype are one block, but not converted all at once; gives the position behind them.
    private int addColumns(FrameBuilder builder, int first) throws NpzException {
        int rows = fixture.rows();
        ValueType type = fixture.type(first);
        if (!(type instanceof ValueType.Numpy numpy)) {
            add(builder, objects.vector(builder.nextName(), type, FrameFixture.shift(first), 1, rows));
            return first + 1;
        }
        ScalarDType dtype = numpy.dtype(rows);
        int item = (int) dtype.itemSize();
        long columnBytes = (long) rows * item;
        boolean viewed = isViewed(dtype);
        long limit = viewed ? fixture.columns() : first + Math.max(1, SCRATCH / Math.max(1, columnBytes));
        int end = first + 1;
        while (end < Math.min(limit, fixture.columns()) && fixture.type(end).equals(type)) {
            end++;
        }
        int width = end - first;
        byte[] stream = streams.computeIfAbsent(
                numpy.dtype(), key -> ValueStream.bytes(key, 0, rows + FrameFixture.MAX_SHIFT - 1));
        NpyHeader header = width == 1 ? header(dtype, rows) : header(dtype, rows, width);
        try (ArrowBuf data = slabs.take(header.dataLength(), viewed)) {
            for (int i = 0; i < width; i++) {
                data.setBytes(columnBytes * i, stream, FrameFixture.shift(first + i) * item, columnBytes);
            }
            add(builder, data, header);
        }
        return end;
    }

    // Others may be converted, and shall not keep what they were converted from.
    private static boolean isViewed(ScalarDType dtype) {
        return switch (dtype.kind()) {
            case INT, UINT, FLOAT, COMPLEX -> true;
            default -> false;
        };
    }

    private static void add(FrameBuilder builder, ArrowBuf data, NpyHeader header) throws NpzException {
        try (ByteSource source = ByteSources.of(data, 0, header.dataLength())) {
            builder.array(new NpyArray(LOCATION, header, source));
        }
    }

    private static void add(FrameBuilder builder, FieldVector vector) {
        boolean taken = false;
        try {
            builder.vector(vector);
            taken = true;
        } finally {
            if (!taken) {
                vector.close();
            }
        }
    }

    /** The header of an array without a file, each of whose columns is contiguous. */
    static NpyHeader header(ScalarDType dtype, long... lengths) {
        Shape shape = Shape.of(lengths);
        return new NpyHeader(
                1, dtype, shape, StorageOrder.FORTRAN, 0, Math.multiplyExact(shape.elements(), dtype.itemSize()));
    }
}
