package org.arrownpz.vector.internal.encode;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.vector.internal.kernel.EncodeFixed;
import org.jspecify.annotations.Nullable;

/** Coders of fixed-size lists (complex numbers, tensors, sub-arrays) and of structs (records). */
final class ColumnEncoderNested {
    private ColumnEncoderNested() {}

    /**
     * A fixed number of child elements in each row.
     *
     * @param dtype the type that the block has: the child's for tensors, the whole row's for complex numbers
     */
    static ColumnEncoderElement list(DType dtype, int size, ColumnEncoderElement child) {
        byte[] fill = repeat(child.fill(), size);
        long rowBytes = Math.multiplyExact(child.rowBytes(), (long) size);
        return new ColumnEncoderElement(dtype, fill) {
            @Override
            long rowBytes() {
                return rowBytes;
            }

            @Override
            @Nullable
            ArrowBuf direct(FieldVector vector) {
                return vector.getNullCount() > 0 ? null : child.direct(child(vector, 0));
            }

            @Override
            void put(FieldVector vector, int first, int count, ArrowBuf target, long offset, long stride) {
                FieldVector values = child(vector, 0);
                if (stride == rowBytes) {
                    child.encode(
                            values,
                            Math.multiplyExact(first, size),
                            Math.multiplyExact(count, size),
                            target,
                            offset,
                            child.rowBytes());
                    return;
                }
                for (int i = 0; i < count; i++) {
                    child.encode(values, (first + i) * size, size, target, offset + i * stride, child.rowBytes());
                }
            }
        };
    }

    /** A record; {@code coders} are those of its fields, in order. */
    static ColumnEncoderElement record(StructDType dtype, List<ColumnEncoderElement> coders) {
        List<StructDType.Field> fields = dtype.fields();
        long covered = 0;
        byte[] fill = new byte[Math.toIntExact(dtype.itemSize())];
        for (int i = 0; i < coders.size(); i++) {
            covered += coders.get(i).rowBytes();
            byte[] part = coders.get(i).fill();
            if (part != null) {
                System.arraycopy(part, 0, fill, (int) fields.get(i).offset(), part.length);
            }
        }
        boolean padded = covered < dtype.itemSize();
        return new ColumnEncoderElement(dtype, fill) {
            @Override
            void put(FieldVector vector, int first, int count, ArrowBuf target, long offset, long stride) {
                for (int i = 0; padded && i < count; i++) {
                    EncodeFixed.zero(target, offset + i * stride, rowBytes());
                }
                for (int i = 0; i < coders.size(); i++) {
                    coders.get(i)
                            .encode(
                                    child(vector, i),
                                    first,
                                    count,
                                    target,
                                    offset + fields.get(i).offset(),
                                    stride);
                }
            }
        };
    }

    static FieldVector child(FieldVector vector, int index) {
        return Storage.of(vector.getChildrenFromFields().get(index));
    }

    private static byte @Nullable [] repeat(byte @Nullable [] part, int times) {
        if (part == null) {
            return null;
        }
        byte[] all = new byte[Math.multiplyExact(part.length, times)];
        for (int i = 0; i < times; i++) {
            System.arraycopy(part, 0, all, i * part.length, part.length);
        }
        return all;
    }
}
