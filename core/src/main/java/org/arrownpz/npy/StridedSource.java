package org.arrownpz.npy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.io.ByteSource;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * Elements of another source that lie at regular distances, in C order: what a slice of an array is, and a field of
 * records. Nothing is copied until bytes are read, and then those bytes alone.
 */
final class StridedSource implements ByteSource {
    /** So much is gathered at a time. */
    static final int STRIP = 1 << 16;
    /** Bytes between elements that are read along, rather than each element alone, up to so many times the elements. */
    private static final int SPARSE = 8;

    private final ByteSource data;
    private final Location location;
    private final long start;
    private final long[] lengths;
    private final long[] strides;
    private final long size;
    /** Dimensions in which elements do not simply follow one another, and the bytes that do. */
    private final long[] counts;

    private final long[] steps;
    private final long run;

    /**
     * A view.
     *
     * @param start where the first element lies
     * @param lengths of the dimensions, whose product with the width fits
     * @param strides bytes from one element to the next, in each dimension; negative ones lead backwards
     * @param width bytes of an element
     * @throws IndexOutOfBoundsException when an element is not within the data
     */
    StridedSource(ByteSource data, Location location, long start, long[] lengths, long[] strides, long width) {
        this.data = data;
        this.location = location;
        this.start = start;
        this.lengths = lengths.clone();
        this.strides = strides.clone();
        this.size = Math.multiplyExact(Shape.of(lengths).elements(), width);
        int dimensions = 0;
        long[] counts = new long[lengths.length];
        long[] steps = new long[lengths.length];
        long run = width;
        long first = start;
        long last = start;
        for (int i = lengths.length - 1; i >= 0 && size > 0; i--) {
            long reach = Math.multiplyExact(strides[i], lengths[i] - 1);
            first = Math.addExact(first, Math.min(0, reach));
            last = Math.addExact(last, Math.max(0, reach));
            if (lengths[i] == 1) {
                continue;
            }
            if (dimensions == 0 && strides[i] == run) {
                run *= lengths[i];
            } else if (dimensions > 0 && strides[i] == steps[dimensions - 1] * counts[dimensions - 1]) {
                counts[dimensions - 1] *= lengths[i];
            } else {
                counts[dimensions] = lengths[i];
                steps[dimensions++] = strides[i];
            }
        }
        if (size > 0) {
            Objects.checkFromIndexSize(first, Math.addExact(last - first, width), data.size());
        }
        // From the innermost dimension outwards.
        this.counts = Arrays.copyOf(counts, dimensions);
        this.steps = Arrays.copyOf(steps, dimensions);
        this.run = run;
    }

    ByteSource data() {
        return data;
    }

    long start() {
        return start;
    }

    /** The bytes from one element to the next in the data, where this holds the elements of such a shape. */
    long @Nullable [] stridesOf(Shape shape) {
        return Arrays.equals(lengths, shape.lengths()) ? strides.clone() : null;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws NpzException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size);
        if (!target.hasRemaining()) {
            return;
        }
        long within = offset % run;
        Cursor cursor = new Cursor(offset / run);
        int limit = target.limit();
        @Nullable ByteBuffer strip = null;
        while (target.position() < limit) {
            long step = steps.length == 0 ? STRIP : Math.abs(steps[0]);
            long runs = step >= STRIP ? 0 : cursor.inLine(Math.min(STRIP / step, (limit - target.position()) / run));
            if (within == 0 && runs > 1 && step <= SPARSE * run) {
                long span = step * (runs - 1) + run;
                if (strip == null || strip.capacity() < span) {
                    strip = ByteBuffer.allocate((int) span).order(ByteOrder.nativeOrder());
                }
                long low = Math.min(cursor.place, cursor.place + steps[0] * (runs - 1));
                data.read(low, strip.clear().limit((int) span));
                gather(strip, (int) (cursor.place - low), (int) steps[0], target, (int) runs);
                cursor.skip(runs);
            } else {
                int count = (int) Math.min(run - within, limit - target.position());
                data.read(cursor.place + within, target.limit(target.position() + count));
                target.limit(limit);
                within = 0;
                cursor.skip(1);
            }
        }
    }

    private void gather(ByteBuffer from, int at, int step, ByteBuffer to, int runs) {
        int width = (int) run;
        int position = to.position();
        ByteBuffer out = to.duplicate().order(ByteOrder.nativeOrder());
        int place = at;
        for (int i = 0; i < runs; i++, place += step, position += width) {
            switch (width) {
                case 1 -> out.put(position, from.get(place));
                case 2 -> out.putShort(position, from.getShort(place));
                case 4 -> out.putInt(position, from.getInt(place));
                case 8 -> out.putLong(position, from.getLong(place));
                default -> out.put(position, from, place, width);
            }
        }
        to.position(position);
    }

    /** A place among the runs. */
    private final class Cursor {
        private final long[] index = new long[counts.length];
        private long place = start;

        Cursor(long number) {
            long rest = number;
            for (int i = 0; i < counts.length; i++) {
                index[i] = rest % counts[i];
                rest /= counts[i];
                place += index[i] * steps[i];
            }
        }

        /** The number of runs, of so many, that lie one step from the one before. */
        long inLine(long runs) {
            return counts.length == 0 ? 0 : Math.min(runs, counts[0] - index[0]);
        }

        /** Goes on by no more than {@link #inLine}. */
        void skip(long runs) {
            if (counts.length == 0) {
                return;
            }
            index[0] += runs;
            place += runs * steps[0];
            for (int i = 0; index[i] == counts[i] && i + 1 < counts.length; i++) {
                place += steps[i + 1] - counts[i] * steps[i];
                index[i] = 0;
                index[i + 1]++;
            }
        }
    }

    @Override
    public ArrowBuf region(long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, size);
        if (length == 0) {
            return data.region(0, 0);
        }
        // The data are held for the time of the copy; their memory tells whose allocator they came by.
        try (ArrowBuf held = data.region(0, 1)) {
            ArrowBuf copy = Allocations.allocate(
                    held.getReferenceManager().getAllocator(), length, location, "elements that lie apart");
            try (Rollback undo = Rollback.of(copy)) {
                for (long done = 0; done < length; done += STRIP) {
                    int count = (int) Math.min(STRIP, length - done);
                    read(offset + done, copy.nioBuffer(done, count));
                }
                return undo.commit(copy.writerIndex(length));
            }
        }
    }

    @Override
    public void checkUnchanged() throws NpzException {
        data.checkUnchanged();
    }

    @Override
    public void close() {
        // The data are the array's.
    }
}
