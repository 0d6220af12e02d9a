package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.vector.internal.encode.BlockContent;
import org.arrownpz.vector.internal.encode.BlockContentScratch;
import org.arrownpz.vector.internal.encode.ColumnEncoderElement;

/**
 * The validity bitmap of a column as a {@code |u1} array: bit {@code i % 8} of byte {@code i / 8} is 1 where row
 * {@code i} is not null (Arrow columnar format, "Validity bitmaps"). Borrows the vectors' memory.
 *
 * <p>Used by one thread.
 */
public final class ValidityContent implements ArrayContent {
    private static final ScalarDType BYTES = ScalarDType.of(DTypeKind.UINT, 1);

    private final BufferAllocator allocator;
    private final List<ArrowColumnBuffer.Bits> bits;
    private final long rows;

    /** The bitmap of a column's vectors, one after the other. */
    public ValidityContent(List<? extends FieldVector> chunks) {
        this(chunks.get(0).getAllocator(), bits(chunks));
    }

    ValidityContent(BufferAllocator allocator, List<ArrowColumnBuffer.Bits> bits) {
        this.allocator = allocator;
        this.bits = List.copyOf(bits);
        long count = 0;
        for (ArrowColumnBuffer.Bits range : bits) {
            count += range.count();
        }
        this.rows = count;
    }

    private static List<ArrowColumnBuffer.Bits> bits(List<? extends FieldVector> chunks) {
        List<ArrowColumnBuffer.Bits> bits = new ArrayList<>(chunks.size());
        for (FieldVector chunk : chunks) {
            bits.add(new ArrowColumnBuffer.Bits(null, ColumnEncoderElement.validity(chunk), 0, chunk.getValueCount()));
        }
        return bits;
    }

    @Override
    public ScalarDType dtype() {
        return BYTES;
    }

    @Override
    public Shape shape() {
        return Shape.of((rows + 7) / 8);
    }

    @Override
    public StorageOrder order() {
        return StorageOrder.FORTRAN;
    }

    @Override
    public void writeTo(ByteSink sink) throws NpzException {
        if (rows == 0) {
            return;
        }
        try (BlockContentScratch scratch = new BlockContentScratch(allocator)) {
            ArrowColumnBuffer.bits(bits, sink, scratch);
        } catch (InternalError e) {
            throw BlockContent.changed(e);
        }
    }
}
