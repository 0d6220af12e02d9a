package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.support.Faults;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.kernel.EncodeOffsets;
import org.arrownpz.vector.internal.kernel.SliceParts;

/**
 * Cuts rows out of vectors of every type. Whatever says where values lie (offsets, views, type codes, run ends) becomes a
 * copy that begins at 0, unless it is in memory already and does so: Arrow reads it, in ways that a JVM need not survive
 * where it is a file that was cut short. Values and bitmaps are shared, or copied on demand. Used by one thread.
 */
final class VectorSlicer {
    private static final int TYPE_CODES = Byte.MAX_VALUE + 1;
    /** Unused bytes between the values of views, beside as many as are used, that are not worth a copy of the values. */
    private static final long MOST_UNUSED = 4096;

    private final BufferAllocator allocator;
    private final Location location;
    private final VectorSlicerMemory memory;
    private final boolean copy;

    /** @param copy whether values and bitmaps are copied too */
    VectorSlicer(BufferAllocator allocator, Location location, boolean copy) {
        this.allocator = allocator;
        this.location = location;
        this.memory = new VectorSlicerMemory(allocator, location, copy);
        this.copy = copy;
    }

    /** A vector of some rows, which the caller closes. */
    FieldVector slice(FieldVector vector, int from, int count) throws NpzException {
        FieldVector slice = vector.getField().createVector(allocator);
        try (Rollback undo = Rollback.of(slice)) {
            fill(vector, slice, from, count);
            return undo.commit(slice);
        } catch (OutOfMemoryException e) {
            throw Faults.limit(location, "for " + VectorSlicerMemory.WHAT, e);
        } finally {
            memory.release();
        }
    }

    private void fill(FieldVector vector, FieldVector target, int from, int count) throws NpzException {
        FieldVector source = Storage.of(vector);
        FieldVector to = Storage.of(target);
        Objects.checkFromIndexSize(from, count, source.getValueCount());
        switch (source.getMinorType()) {
            case NULL -> to.setValueCount(count);
            case BIT ->
                memory.load(
                        to,
                        count,
                        memory.validity(source, from, count),
                        memory.bits(source.getDataBuffer(), from, count));
            case VARCHAR, VARBINARY -> text(source, to, Integer.BYTES, from, count);
            case LARGEVARCHAR, LARGEVARBINARY -> text(source, to, Long.BYTES, from, count);
            case VIEWVARCHAR, VIEWVARBINARY -> views((BaseVariableWidthViewVector) source, to, from, count);
            case LIST, MAP -> lists(source, to, Integer.BYTES, from, count);
            case LARGELIST -> lists(source, to, Long.BYTES, from, count);
            case LISTVIEW -> listViews(source, to, Integer.BYTES, from, count);
            case LARGELISTVIEW -> listViews(source, to, Long.BYTES, from, count);
            case FIXED_SIZE_LIST -> {
                int size = ((FixedSizeListVector) source).getListSize();
                memory.load(to, count, memory.validity(source, from, count));
                fill(child(source, 0), child(to, 0), Math.multiplyExact(from, size), Math.multiplyExact(count, size));
            }
            case STRUCT -> {
                memory.load(to, count, memory.validity(source, from, count));
                children(source, to, from, count);
            }
            case UNION -> {
                memory.load(to, count, memory.range(((UnionVector) source).getTypeBuffer(), from, count));
                children(source, to, from, count);
                VectorSlices.countRows(to, count);
            }
            case DENSEUNION -> dense((DenseUnionVector) source, (DenseUnionVector) to, from, count);
            case RUNENDENCODED -> runs(source, to, from, count);
            default -> {
                long width = ((BaseFixedWidthVector) source).getTypeWidth();
                ArrowBuf values = memory.range(source.getDataBuffer(), from * width, count * width);
                memory.load(to, count, memory.validity(source, from, count), values);
            }
        }
    }

    private static FieldVector child(FieldVector vector, int index) {
        return vector.getChildrenFromFields().get(index);
    }

    private void children(FieldVector source, FieldVector target, int from, int count) throws NpzException {
        List<FieldVector> children = source.getChildrenFromFields();
        for (int i = 0; i < children.size(); i++) {
            fill(children.get(i), child(target, i), from, count);
        }
    }

    private void text(FieldVector source, FieldVector target, int width, int from, int count) throws NpzException {
        ArrowBuf data = source.getDataBuffer();
        long[] range = new long[2];
        ArrowBuf offsets = offsets(source.getOffsetBuffer(), width, from, count, data.capacity(), range);
        memory.load(
                target, count, memory.validity(source, from, count), offsets, memory.range(data, range[0], range[1]));
    }

    private void lists(FieldVector source, FieldVector target, int width, int from, int count) throws NpzException {
        FieldVector elements = child(source, 0);
        long[] range = new long[2];
        ArrowBuf offsets = offsets(source.getOffsetBuffer(), width, from, count, elements.getValueCount(), range);
        memory.load(target, count, memory.validity(source, from, count), offsets);
        fill(elements, child(target, 0), (int) range[0], (int) range[1]);
    }

    /**
     * Offsets from 0.
     *
     * @param range receives where the values begin, and their number
     */
    private ArrowBuf offsets(ArrowBuf source, int width, int from, int count, long limit, long[] range)
            throws NpzException {
        if (count == 0) {
            // There is an offset also where there are no rows, but the source need not have memory for it.
            return memory.fresh(width).setZero(0, width);
        }
        long bytes = (count + 1L) * width;
        boolean shared = !copy && !Buffers.isMapped(source);
        ArrowBuf offsets = shared
                ? Buffers.borrow(source, (long) from * width, bytes)
                : memory.copied(source, (long) from * width, bytes);
        long first = get(offsets, 0, width);
        range[0] = first;
        range[1] = get(offsets, count, width) - first;
        Objects.checkFromIndexSize(first, range[1], limit);
        if (first != 0) {
            ArrowBuf own = shared ? memory.copied(offsets, 0, bytes) : offsets;
            SliceParts.shift(own, count + 1, width, -first);
            return own;
        }
        return offsets;
    }

    // Only of memory that is not mapped.
    private static long get(ArrowBuf values, long index, int width) {
        return width == Long.BYTES ? values.getLong(index * width) : values.getInt(index * width);
    }

    private void views(BaseVariableWidthViewVector source, FieldVector target, int from, int count)
            throws NpzException {
        long bytes = (long) EncodeOffsets.VIEW_BYTES * count;
        ArrowBuf views = memory.copied(source.getDataBuffer(), (long) EncodeOffsets.VIEW_BYTES * from, bytes);
        ArrowBuf validity = memory.validity(source, from, count);
        ArrowBuf[] data = source.getDataBuffers().toArray(ArrowBuf[]::new);
        long[] capacities = Arrays.stream(data).mapToLong(ArrowBuf::capacity).toArray();
        long[] low = new long[data.length];
        long[] high = new long[data.length];
        long[] used = new long[1];
        memory.guard(() -> used[0] =
                SliceParts.measureViews(views, VectorSlicerMemory.known(validity), count, capacities, low, high));
        List<ArrowBuf> buffers = new ArrayList<>(data.length + 2);
        buffers.add(validity);
        buffers.add(views);
        int[] numbers = new int[data.length];
        long reached = 0;
        for (int i = 0; i < data.length; i++) {
            if (high[i] > 0) {
                numbers[i] = buffers.size() - 2;
                reached += high[i] - low[i];
                buffers.add(Buffers.borrow(data[i], low[i], high[i] - low[i]));
            }
        }
        if (reached - used[0] > used[0] + MOST_UNUSED && used[0] <= Integer.MAX_VALUE) {
            // Else each of many parts would hold, and be written with, what all of them need.
            ArrowBuf gathered = memory.fresh(used[0]);
            memory.guard(() -> SliceParts.gatherViews(views, count, data, gathered));
            buffers.subList(2, buffers.size()).clear();
            buffers.add(gathered);
        } else {
            SliceParts.moveViews(views, count, numbers, low);
            for (int i = 2; copy && i < buffers.size(); i++) {
                buffers.set(i, memory.copied(buffers.get(i), 0, buffers.get(i).capacity()));
            }
        }
        memory.load(target, count, buffers.toArray(ArrowBuf[]::new));
    }

    private void listViews(FieldVector source, FieldVector target, int width, int from, int count) throws NpzException {
        List<ArrowBuf> own = source.getFieldBuffers();
        ArrowBuf offsets = memory.copied(own.get(1), (long) from * width, (long) count * width);
        ArrowBuf sizes = memory.copied(own.get(2), (long) from * width, (long) count * width);
        ArrowBuf validity = memory.validity(source, from, count);
        FieldVector elements = child(source, 0);
        long[] range = new long[2];
        memory.guard(() -> {
            long[] ends =
                    EncodeOffsets.viewedRange(offsets, sizes, VectorSlicerMemory.known(validity), 0, count, width);
            range[0] = ends[0];
            range[1] = ends[1] - ends[0];
            for (boolean wantSizes : new boolean[] {false, true}) {
                ArrowBuf to = wantSizes ? sizes : offsets;
                EncodeOffsets.putListViews(
                        offsets, sizes, VectorSlicerMemory.known(validity), 0, count, width, -ends[0], wantSizes, to);
            }
        });
        Objects.checkFromIndexSize(range[0], range[1], (long) elements.getValueCount());
        memory.load(target, count, validity, offsets, sizes);
        fill(elements, child(target, 0), (int) range[0], (int) range[1]);
    }

    private void dense(DenseUnionVector source, DenseUnionVector target, int from, int count) throws NpzException {
        ArrowBuf types = memory.copied(source.getTypeBuffer(), from, count);
        ArrowBuf offsets =
                memory.copied(source.getOffsetBuffer(), (long) Integer.BYTES * from, (long) Integer.BYTES * count);
        long[] low = new long[TYPE_CODES];
        long[] high = new long[TYPE_CODES];
        Arrays.fill(low, Long.MAX_VALUE);
        EncodeOffsets.denseRanges(types, offsets, 0, count, low, high);
        long[] deltas = new long[TYPE_CODES];
        for (int code = 0; code < TYPE_CODES; code++) {
            low[code] = high[code] == 0 ? 0 : low[code];
            deltas[code] = -low[code];
        }
        EncodeOffsets.putDense(types, offsets, 0, count, deltas, offsets);
        memory.load(target, count, types, offsets);
        int[] codes = VectorSlices.codes(source);
        List<FieldVector> children = VectorSlices.children(source);
        List<FieldVector> targets = VectorSlices.children(target);
        for (int i = 0; i < codes.length; i++) {
            int first = (int) low[codes[i]];
            fill(children.get(i), targets.get(i), first, (int) high[codes[i]] - first);
        }
    }

    private void runs(FieldVector source, FieldVector target, int from, int count) throws NpzException {
        FieldVector ends = child(source, 0);
        ArrowBuf buffer = ends.getDataBuffer();
        int width = ((BaseFixedWidthVector) ends).getTypeWidth();
        int all = ends.getValueCount();
        long[] runs = new long[2];
        if (count > 0) {
            memory.guard(() -> {
                runs[0] = EncodeOffsets.firstRun(buffer, all, width, from + 1L);
                runs[1] = EncodeOffsets.firstRun(buffer, all, width, (long) from + count) + 1 - runs[0];
            });
            Objects.checkFromIndexSize(runs[0], runs[1], (long) all);
        }
        int first = (int) runs[0];
        int found = (int) runs[1];
        ArrowBuf own = memory.copied(buffer, (long) first * width, (long) found * width);
        if (found > 0) {
            SliceParts.shift(own, found, width, -from);
            EncodeOffsets.set(own, (found - 1L) * width, width, count);
        }
        memory.load(child(target, 0), found, VectorSlicerMemory.NONE, own);
        fill(child(source, 1), child(target, 1), first, found);
        memory.load(target, count);
    }
}
