package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.vector.internal.encode.BlockContent;
import org.arrownpz.vector.internal.encode.BlockContentScratch;
import org.arrownpz.vector.internal.encode.ColumnEncoderElement;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.EncodeFixed;
import org.jspecify.annotations.Nullable;

/**
 * One buffer of a column as a 1-D array that NumPy reads. Borrows the vectors' memory: they must stay open and
 * unchanged until the last {@link #writeTo} has returned.
 *
 * <p>Used by one thread.
 */
public final class ArrowColumnBuffer implements ArrayContent {
    private final ScalarDType dtype;
    private final long elements;
    private final List<Object> key;
    private final BufferAllocator allocator;
    private final Emitter emitter;

    /** Emits the bytes. */
    public interface Emitter {
        void emit(ByteSink sink, BlockContentScratch scratch) throws NpzException;
    }

    /** Fills scratch memory with entries {@code first} to {@code first + count}. */
    public interface Filler {
        void fill(ArrowBuf target, long first, int count);
    }

    /**
     * A range of values, and the bitmap that says which are null (its bits at the same positions), or null.
     */
    public record Range(ArrowBuf values, @Nullable ArrowBuf validity, long start, long count) {}

    public ArrowColumnBuffer(
            ScalarDType dtype, long elements, List<Object> key, BufferAllocator allocator, Emitter emitter) {
        this.dtype = dtype;
        this.elements = elements;
        this.key = List.copyOf(key);
        this.allocator = allocator;
        this.emitter = emitter;
    }

    /**
     * The validity bitmap of a column's vectors, one after the other: bit {@code i % 8} of byte {@code i / 8} is 1 where
     * row {@code i} is not null (Arrow columnar format, "Validity bitmaps").
     */
    public static ArrowColumnBuffer validity(List<? extends FieldVector> chunks) {
        List<Bits> bits = new ArrayList<>(chunks.size());
        for (FieldVector chunk : chunks) {
            bits.add(new Bits(null, ColumnEncoderElement.validity(chunk), 0, chunk.getValueCount()));
        }
        return validity(chunks.get(0).getAllocator(), bits);
    }

    static ArrowColumnBuffer validity(BufferAllocator allocator, List<Bits> bits) {
        long rows = bits.stream().mapToLong(Bits::count).sum();
        return new ArrowColumnBuffer(
                ArrowColumnTypes.BYTES,
                EncodeBits.bytes(rows),
                List.of(),
                allocator,
                (sink, scratch) -> bits(bits, sink, scratch));
    }

    /** Fixed-width values; those under nulls become zeros. */
    public static void values(Range range, int width, ByteSink sink, BlockContentScratch scratch) throws NpzException {
        ArrowBuf validity = range.validity();
        if (range.count() == 0) {
            return;
        }
        if (validity == null) {
            sink.write(range.values(), range.start() * width, range.count() * width);
            return;
        }
        generate(range.count(), width, sink, scratch, (target, first, count) -> {
            long start = range.start() + first;
            EncodeFixed.copy(range.values(), start * width, width, count, target, 0, width);
            EncodeFixed.fillNulls(validity, start, count, null, target, 0, width, width);
        });
    }

    /** Entries computed into scratch memory, some thousands at a time. */
    public static void generate(long count, int width, ByteSink sink, BlockContentScratch scratch, Filler filler)
            throws NpzException {
        boolean inPlace = sink instanceof MemorySink;
        ArrowBuf memory = inPlace ? VectorSlicerMemory.NONE : scratch.atLeast(width);
        long step = (inPlace ? BlockContentScratch.BYTES : memory.capacity()) / width;
        for (long first = 0; first < count; first += step) {
            int now = (int) Math.min(step, count - first);
            if (sink instanceof MemorySink target) {
                filler.fill(target.next((long) now * width), first, now);
            } else {
                filler.fill(memory, first, now);
                sink.write(memory, 0, (long) now * width);
            }
        }
    }

    /** Bits one after the other, from bit 0; {@code values} null stands for ones, and bits under nulls become 0. */
    public static void bits(List<Bits> ranges, ByteSink sink, BlockContentScratch scratch) throws NpzException {
        if (sink instanceof MemorySink target) {
            bits(ranges, target);
            return;
        }
        ArrowBuf memory = scratch.atLeast(1);
        long room = memory.capacity() / 8 * 64;
        long used = 0;
        EncodeFixed.zero(memory, 0, memory.capacity());
        for (Bits range : ranges) {
            long done = 0;
            while (done < range.count()) {
                long now = Math.min(room - used, range.count() - done);
                EncodeBits.copy(range.values(), range.mask(), range.start() + done, now, memory, used);
                done += now;
                used += now;
                if (used == room) {
                    sink.write(memory, 0, room / 8);
                    EncodeFixed.zero(memory, 0, memory.capacity());
                    used = 0;
                }
            }
        }
        if (used > 0) {
            sink.write(memory, 0, EncodeBits.bytes(used));
        }
    }

    private static void bits(List<Bits> ranges, MemorySink sink) {
        long count = ranges.stream().mapToLong(Bits::count).sum();
        ArrowBuf target = sink.next(EncodeBits.bytes(count));
        EncodeFixed.zero(target, 0, target.capacity());
        long done = 0;
        for (Bits range : ranges) {
            EncodeBits.copy(range.values(), range.mask(), range.start(), range.count(), target, done);
            done += range.count();
        }
    }

    /** A range of bits. */
    public record Bits(@Nullable ArrowBuf values, @Nullable ArrowBuf mask, long start, long count) {}

    /** Buffers with equal keys hold the same bytes, as long as the vectors live: a writer stores them once. */
    public Object key() {
        return key;
    }

    @Override
    public ScalarDType dtype() {
        return dtype;
    }

    @Override
    public Shape shape() {
        return Shape.of(elements);
    }

    @Override
    public StorageOrder order() {
        return StorageOrder.C;
    }

    @Override
    public void writeTo(ByteSink sink) throws NpzException {
        try (BlockContentScratch scratch = new BlockContentScratch(allocator)) {
            emitter.emit(sink, scratch);
        } catch (InternalError e) {
            throw BlockContent.changed(e);
        }
    }
}
