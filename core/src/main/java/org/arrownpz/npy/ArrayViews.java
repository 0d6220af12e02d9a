package org.arrownpz.npy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.dtype.SubarrayDType;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.io.ByteSource;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/** Parts of arrays by shape and strides, by the rules of NumPy's basic indexing. Stateless. */
final class ArrayViews {
    private static final String ELLIPSIS = "...";
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern SLICE =
            Pattern.compile("\\s*(" + INTEGER + ")?\\s*:\\s*(" + INTEGER + ")?\\s*(?::\\s*(" + INTEGER + ")?\\s*)?");
    /** The most bytes of a copy that are read at a time. */
    private static final int AT_ONCE = 1 << 30;

    private ArrayViews() {}

    /** The part of an array whose first indexes are given. */
    static NumpyArray row(NumpyArray array, long... index) throws NpzException {
        Part part = new Part(array);
        if (index.length > array.shape().dimensions()) {
            throw array.wrongShape(index.length + " dimensions, as there are indexes, or more");
        }
        for (long position : index) {
            part.at(position);
        }
        return part.rest();
    }

    static NumpyArray rows(NumpyArray array, long start, long stop) throws NpzException {
        if (array.shape().dimensions() == 0) {
            throw array.wrongShape("at least one dimension");
        }
        Part part = new Part(array);
        part.range(start, stop, 1);
        return part.rest();
    }

    /** The part of an array that an index in Python's notation names. */
    static NumpyArray slice(NumpyArray array, String index) throws NpzException {
        List<String> axes = new ArrayList<>(List.of(index.split(",", -1)));
        axes.replaceAll(String::strip);
        int dimensions = array.shape().dimensions();
        int ellipsis = axes.indexOf(ELLIPSIS);
        if (ellipsis != axes.lastIndexOf(ELLIPSIS)) {
            throw unfit(index, "has two ellipses");
        }
        int given = axes.size() - (ellipsis < 0 ? 0 : 1);
        if (given > dimensions) {
            throw array.wrongShape(given + " dimensions, as there are in the index, or more");
        }
        Part part = new Part(array);
        for (String axis : axes) {
            Matcher slice = SLICE.matcher(axis);
            if (axis.equals(ELLIPSIS)) {
                part.all(dimensions - given);
            } else if (INTEGER.matcher(axis).matches()) {
                part.at(Long.parseLong(axis));
            } else if (slice.matches()) {
                part.slice(slice.group(1), slice.group(2), slice.group(3), index);
            } else {
                throw unfit(index, "has the part " + SafeText.quote(axis));
            }
        }
        return part.rest();
    }

    private static IllegalArgumentException unfit(String index, String problem) {
        return new IllegalArgumentException("the index " + SafeText.quote(index) + " " + problem
                + "; integers, start:stop:step and one ... are known, separated by commas");
    }

    /** A copy of some rows, in C order. */
    static ByteBuffer buffer(NumpyArray array) throws NpzException {
        long length = array.data().size();
        if (length > Integer.MAX_VALUE) {
            throw array.location()
                    .error(ErrorCode.LIMIT, "the array is too long for a ByteBuffer")
                    .expected("at most " + Integer.MAX_VALUE + " bytes")
                    .found(length)
                    .remedy("Take parts of it with slice(start, stop) or region")
                    .build();
        }
        ByteOrder order = array.dtype() instanceof ScalarDType scalar ? scalar.javaOrder() : ByteOrder.LITTLE_ENDIAN;
        if (length > 0 && array.data().views(length)) {
            ArrowBuf region = array.region(0, length);
            if (Buffers.isMapped(region)) {
                return Buffers.collectable(region).order(order);
            }
            region.close();
        }
        ByteBuffer copy = ByteBuffer.allocateDirect((int) length);
        array.data().read(0, copy);
        return copy.flip().asReadOnlyBuffer().order(order);
    }

    /** The elements of an array of one of two dtypes, in C order. */
    static ByteBuffer numbers(NumpyArray array, String dtype, String or) throws NpzException {
        String found = array.dtype().toString();
        if (array.isFortran() || !found.equals(dtype) && !found.equals(or)) {
            boolean turned = found.regionMatches(1, dtype, 1, 2);
            String remedy = "Save array.toLittleEndianC() once and open that, or copy by to";
            throw array.wrongDtype(dtype + " in C order", turned ? remedy : Reordered.remedy(array.dtype()));
        }
        return buffer(array);
    }

    static NumpyArray field(NumpyArray array, String name) throws NpzException {
        if (array.dtype() instanceof StructDType records) {
            for (StructDType.Field field : records.fields()) {
                if (field.name().equals(name)) {
                    return field(array, field, records.itemSize());
                }
            }
        }
        throw array.wrongDtype("a record with the field " + SafeText.quote(name));
    }

    private static NumpyArray field(NumpyArray array, StructDType.Field field, long step) throws NpzException {
        DType element = field.dtype();
        Shape shape = array.shape();
        if (element instanceof SubarrayDType inner) {
            if (array.isFortran()) {
                throw array.wrongShape("records in C order for a field of arrays");
            }
            element = inner.element();
            shape = Shape.of(LongStream.concat(
                            Arrays.stream(shape.lengths()),
                            inner.shape().stream().mapToLong(Integer::longValue))
                    .toArray());
        }
        StorageOrder order = array.isFortran() ? StorageOrder.FORTRAN : StorageOrder.C;
        return array.view(element, shape, order, apart(array, field.offset(), step, field.dtype()));
    }

    /** Values of this dtype that lie so many bytes behind the start of each element. */
    static StridedSource apart(NumpyArray array, long offset, long step, DType dtype) {
        long[] elements = {array.shape().elements()};
        return new StridedSource(array.data(), array.location(), offset, elements, new long[] {step}, dtype.itemSize());
    }

    static NumpyArray take(NumpyArray array, BufferAllocator allocator, long... rows) throws NpzException {
        Shape shape = array.shape();
        if (shape.dimensions() == 0) {
            throw array.wrongShape("at least one dimension");
        }
        long[] lengths = shape.lengths();
        long count = lengths[0];
        long[] places = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            places[i] = position(rows[i], count);
        }
        lengths[0] = 1;
        long width =
                Math.multiplyExact(Shape.of(lengths).elements(), array.dtype().itemSize());
        lengths[0] = rows.length;
        // What does not fit is more than any allocator has.
        long size = Math.multiplyHigh(width, rows.length) == 0 ? width * rows.length : -1;
        ArrowBuf memory = Allocations.allocate(allocator, size, array.location(), "rows that were taken");
        try (Rollback undo = Rollback.of(memory)) {
            if (width > 0
                    && !array.isFortran()
                    && array.data().views(array.data().size())) {
                copy(array, memory, places, width);
            } else {
                fill(memory, inC(array), places, width);
            }
            memory.writerIndex(size);
            return undo.commit(array.copied(Shape.of(lengths), memory));
        }
    }

    /** From one view: a call of the system for each of 1,000 rows of a long file takes twenty times as long. */
    private static void copy(NumpyArray array, ArrowBuf memory, long[] rows, long width) throws NpzException {
        try (ArrowBuf view = array.region(0, array.data().size())) {
            MemoryAccess.guard(array.location(), () -> {
                for (int i = 0; i < rows.length; i++) {
                    memory.setBytes(i * width, view, rows[i] * width, width);
                }
            });
        }
    }

    private static void fill(ArrowBuf memory, ByteSource elements, long[] rows, long width) throws NpzException {
        long start = 0;
        ByteBuffer target = ByteBuffer.allocate(0);
        for (int i = 0; i < rows.length && width > 0; i++) {
            for (long done = 0; done < width; ) {
                long at = i * width + done;
                if (at - start == target.capacity()) {
                    start = at;
                    target = memory.nioBuffer(at, (int) Math.min(AT_ONCE, memory.capacity() - at));
                }
                int from = (int) (at - start);
                int count = (int) Math.min(target.capacity() - from, width - done);
                elements.read(rows[i] * width + done, target.limit(from + count).position(from));
                done += count;
            }
        }
    }

    /** The element bytes in C order. */
    static ByteSource inC(NumpyArray array) {
        return array.isFortran()
                ? new StridedSource(
                        array.data(),
                        array.location(),
                        0,
                        array.shape().lengths(),
                        array.strides(),
                        array.dtype().itemSize())
                : array.data();
    }

    private static long position(long index, long length) {
        return Objects.checkIndex(index < 0 ? index + length : index, length);
    }

    /** A part that is made dimension by dimension. */
    private static final class Part {
        private final NumpyArray array;
        private final Shape shape;
        private final ByteSource data;
        private final long[] from;
        private final long[] lengths;
        private final long[] strides;
        private long start;
        private int dimension;
        private int kept;

        Part(NumpyArray array) {
            this.array = array;
            this.shape = array.shape();
            this.lengths = new long[shape.dimensions()];
            this.strides = new long[lengths.length];
            long[] known = array.data() instanceof StridedSource view ? view.stridesOf(shape) : null;
            if (known != null) {
                // A part of a part is one of the whole.
                StridedSource view = (StridedSource) array.data();
                this.data = view.data();
                this.start = view.start();
                this.from = known;
            } else {
                this.data = array.data();
                this.from = array.strides();
            }
        }

        void at(long index) {
            start += position(index, shape.length(dimension)) * from[dimension];
            dimension++;
        }

        void all(int dimensions) {
            for (int i = 0; i < dimensions; i++) {
                keep(0, shape.length(dimension), 1);
            }
        }

        /** Python's {@code slice.indices}. */
        void slice(@Nullable String first, @Nullable String behind, @Nullable String by, String index) {
            long step = by == null ? 1 : Long.parseLong(by);
            if (step == 0) {
                throw unfit(index, "has a step of 0");
            }
            long length = shape.length(dimension);
            range(
                    first != null ? Long.parseLong(first) : step > 0 ? 0 : Long.MAX_VALUE,
                    behind != null ? Long.parseLong(behind) : step > 0 ? Long.MAX_VALUE : -length - 1,
                    step);
        }

        void range(long first, long behind, long step) {
            long length = shape.length(dimension);
            long low = step > 0 ? 0 : -1;
            long high = step > 0 ? length : length - 1;
            long begin = Math.min(high, Math.max(low, first < 0 ? first + length : first));
            long end = Math.min(high, Math.max(low, behind < 0 ? behind + length : behind));
            long count = step > 0 ? ceiling(end - begin, step) : ceiling(begin - end, -step);
            keep(count == 0 ? 0 : begin, count, step);
        }

        private static long ceiling(long distance, long step) {
            return distance <= 0 ? 0 : (distance - 1) / step + 1;
        }

        private void keep(long begin, long count, long step) {
            start += begin * from[dimension];
            lengths[kept] = count;
            strides[kept++] = count > 1 ? from[dimension] * step : from[dimension];
            dimension++;
        }

        /** The part with all of the dimensions that were not named. */
        NumpyArray rest() {
            all(shape.dimensions() - dimension);
            Shape part = Shape.of(Arrays.copyOf(lengths, kept));
            long[] steps = Arrays.copyOf(strides, kept);
            long width = array.dtype().itemSize();
            long size = part.elements() * width;
            for (StorageOrder order : StorageOrder.values()) {
                if (size == 0 || isContiguous(part, steps, width, order)) {
                    StorageOrder stated = size == 0 ? StorageOrder.C : order;
                    return array.part(part, stated, data.slice(size == 0 ? 0 : start, size));
                }
            }
            return array.part(
                    part,
                    StorageOrder.C,
                    new StridedSource(data, array.location(), start, part.lengths(), steps, width));
        }

        private static boolean isContiguous(Shape shape, long[] strides, long width, StorageOrder order) {
            long expected = width;
            for (int i = 0; i < strides.length; i++) {
                int dimension = order == StorageOrder.FORTRAN ? i : strides.length - 1 - i;
                if (shape.length(dimension) != 1) {
                    if (strides[dimension] != expected) {
                        return false;
                    }
                    expected *= shape.length(dimension);
                }
            }
            return true;
        }
    }
}
