package org.arrownpz.frame.internal.read;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.npy.NumpyArray;
import org.jspecify.annotations.Nullable;

/**
 * Turns a vector read from a block into the field that the stored Arrow schema names: another name, nullability,
 * metadata, time zone or offset width over the same values, and nulls from a bitmap of its own.
 */
public record FieldRestorer(BufferAllocator allocator, Location location) {
    /** Whether the values of one type are those of the other, but for the width of offsets. */
    public static boolean isCompatible(Field read, Field wanted) {
        ArrowType from = read.getType();
        ArrowType to = wanted.getType();
        if (wanted.getDictionary() != null) {
            return false;
        }
        boolean same = from.equals(to)
                || (from instanceof ArrowType.Utf8 && to instanceof ArrowType.LargeUtf8)
                || (from instanceof ArrowType.Binary && to instanceof ArrowType.LargeBinary)
                || (from instanceof ArrowType.Timestamp left
                        && to instanceof ArrowType.Timestamp right
                        && left.getUnit() == right.getUnit())
                || (from instanceof ArrowType.Timestamp timestamp
                        && timestamp.getUnit() == TimeUnit.MILLISECOND
                        && to instanceof ArrowType.Date date
                        && date.getUnit() == DateUnit.MILLISECOND);
        if (!same || read.getChildren().size() != wanted.getChildren().size()) {
            return false;
        }
        for (int i = 0; i < read.getChildren().size(); i++) {
            if (!read.getChildren()
                    .get(i)
                    .getType()
                    .equals(wanted.getChildren().get(i).getType())) {
                return false;
            }
        }
        return true;
    }

    /**
     * The vector as the wanted field, sharing the values. The given vector is spent, also on failure.
     *
     * @param validity the stored bitmap, or null where the vector's own stays
     */
    FieldVector restore(FieldVector read, Field wanted, @Nullable NumpyArray validity, long from) throws NpzException {
        FieldVector target = null;
        boolean done = false;
        List<ArrowBuf> fresh = new ArrayList<>();
        try (read) {
            int rows = read.getValueCount();
            target = wanted.createVector(allocator);
            List<ArrowBuf> buffers = new ArrayList<>(read.getFieldBuffers());
            int nullCount = read.getNullCount();
            MemoryAccess.deliverFaults();
            if (validity != null) {
                ArrowBuf bits = bitmap(validity, from, rows);
                fresh.add(bits);
                buffers.set(0, bits);
                nullCount = BitVectorHelper.getNullCount(bits, rows);
                MemoryAccess.deliverFaults();
            }
            if (!wanted.isNullable() && nullCount > 0) {
                throw disagreement(wanted, "nulls in a column that has none");
            }
            if (isLarge(read.getField()) != isLarge(wanted) && read instanceof BaseVariableWidthVector) {
                ArrowBuf offsets = Allocations.allocate(allocator, (rows + 1L) * 8, location, "text offsets");
                fresh.add(offsets);
                ArrowBuf narrow = buffers.get(1);
                for (int i = 0; i <= rows; i++) {
                    offsets.setLong(8L * i, rows == 0 ? 0 : narrow.getInt(4L * i));
                }
                offsets.writerIndex((rows + 1L) * 8);
                buffers.set(1, offsets);
            }
            target.loadFieldBuffers(new ArrowFieldNode(rows, nullCount), buffers);
            for (int i = 0; i < read.getChildrenFromFields().size(); i++) {
                copyChild(
                        read.getChildrenFromFields().get(i),
                        target.getChildrenFromFields().get(i));
            }
            MemoryAccess.deliverFaults();
            done = true;
            return target;
        } finally {
            fresh.forEach(ArrowBuf::close);
            if (!done && target != null) {
                target.close();
            }
        }
    }

    private static void copyChild(FieldVector from, FieldVector to) {
        to.loadFieldBuffers(new ArrowFieldNode(from.getValueCount(), from.getNullCount()), from.getFieldBuffers());
        for (int i = 0; i < from.getChildrenFromFields().size(); i++) {
            copyChild(
                    from.getChildrenFromFields().get(i),
                    to.getChildrenFromFields().get(i));
        }
    }

    private static boolean isLarge(Field field) {
        return field.getType() instanceof ArrowType.LargeUtf8 || field.getType() instanceof ArrowType.LargeBinary;
    }

    /** Checks that the stored bitmap is one for that many rows. */
    static void check(NumpyArray validity, long rows, Location location) throws NpzException {
        long bytes = (rows + 7) / 8;
        boolean fits = validity.header().dtype() instanceof ScalarDType dtype
                && dtype.kind() == DTypeKind.UINT
                && dtype.itemSize() == 1
                && validity.header().shape().dimensions() == 1
                && validity.header().dataLength() == bytes;
        if (!fits) {
            throw validity.location()
                    .error(ErrorCode.META_SCHEMA, "a validity bitmap does not fit the rows")
                    .expected("|u1 (" + bytes + ",)")
                    .found(validity.header().dtype() + " " + validity.header().shape())
                    .build();
        }
    }

    private static ArrowBuf bitmap(NumpyArray validity, long from, int rows) throws NpzException {
        if (from % 8 != 0) {
            throw new IllegalArgumentException("batches of columns with nulls begin at multiples of 8 rows");
        }
        return validity.region(from / 8, (rows + 7L) / 8);
    }

    NpzException disagreement(Field wanted, String found) {
        return location.error(ErrorCode.META_SCHEMA, "the stored Arrow schema and the blocks disagree")
                .expected(SafeText.quote(wanted.getName()) + " of type "
                        + SafeText.escape(wanted.getType().toString()))
                .found(SafeText.escape(found))
                .build();
    }
}
