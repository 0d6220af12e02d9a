package org.arrownpz.vector.internal.encode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.internal.memory.Allocations;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.internal.kernel.EncodeTime;
import org.arrownpz.vector.internal.kernel.NarrowTime;
import org.jspecify.annotations.Nullable;

/**
 * Timedelta64 columns of months and years, for clients that cannot read Arrow's month intervals (pandas, Polars): as the
 * Int64 that other timedelta64 units without an Arrow type are.
 *
 * <p>All methods are safe for use by several threads as long as nobody closes or changes the vectors given to them.
 */
public final class MonthColumns {
    private MonthColumns() {}

    /** The field of the Int64 column where the given one is of month intervals that were timedelta64; else the same. */
    public static Field stored(Field field) {
        ScalarDType dtype = dtype(field);
        if (dtype == null || dtype.unit() == null) {
            return field;
        }
        Map<String, String> metadata = new LinkedHashMap<>(field.getMetadata());
        NumpyMetadata.extension(metadata, NumpyMetadata.TIMEDELTA64, NumpyMetadata.timeUnit(dtype.unit()));
        FieldType type = new FieldType(field.isNullable(), new ArrowType.Int(64, true), null, metadata);
        return new Field(field.getName(), type, null);
    }

    private static @Nullable ScalarDType dtype(Field field) {
        boolean months =
                field.getType() instanceof ArrowType.Interval interval && interval.getUnit() == IntervalUnit.YEAR_MONTH;
        return months ? hint(field) : null;
    }

    private static @Nullable ScalarDType storedDtype(Field field) {
        boolean longs = field.getType() instanceof ArrowType.Int type && type.getIsSigned() && type.getBitWidth() == 64;
        return longs && ColumnEncoderRules.extension(field).equals(NumpyMetadata.TIMEDELTA64) ? hint(field) : null;
    }

    private static @Nullable ScalarDType hint(Field field) {
        String text = field.getMetadata().get(NumpyMetadata.DTYPE);
        return text != null
                        && field.getDictionary() == null
                        && !text.isEmpty()
                        && ColumnEncoderRules.parse(text) instanceof ScalarDType dtype
                        && dtype.kind() == DTypeKind.TIMEDELTA
                        && steps(dtype) > 0
                ? dtype
                : null;
    }

    /** The months of one step of the dtype, or 0 where it does not count months. */
    private static long steps(ScalarDType dtype) {
        TimeUnit64 unit = dtype.unit();
        if (unit == null) {
            return 0;
        }
        return switch (unit.base()) {
            case YEAR -> 12L * unit.multiplier();
            case MONTH -> unit.multiplier();
            default -> 0;
        };
    }

    /**
     * The values of such a column as Int64; the caller closes the vector. Nulls share the column's bitmap.
     *
     * @param location the file that the vector may view, for messages
     * @throws NpzException LIMIT when the allocator cannot give the memory, VALUE when a value is no whole number of the
     *     dtype's steps, FILE_CHANGED when a page of a mapped column is gone
     */
    public static FieldVector stored(FieldVector months, BufferAllocator allocator, Location location)
            throws NpzException {
        ScalarDType dtype = dtype(months.getField());
        if (dtype == null) {
            throw new IllegalArgumentException("no column of months: " + months.getField());
        }
        long steps = steps(dtype);
        int rows = months.getValueCount();
        ArrowBuf values = months.getDataBuffer();
        if (!EncodeTime.fits(values, ColumnEncoderElement.nulls(months), rows, 4, false, 1, steps)) {
            throw location.error(
                            ErrorCode.VALUE,
                            "a month interval of the column " + SafeText.quote(months.getName())
                                    + " is no whole number of the steps of " + dtype)
                    .build();
        }
        FieldVector target = stored(months.getField()).createVector(allocator);
        try (Rollback undo = Rollback.of(target);
                ArrowBuf longs = Allocations.allocate(allocator, 8L * rows, location, "months")) {
            EncodeTime.put(values, 0, rows, 4, false, 1, steps, false, longs, 0, 8);
            longs.writerIndex(8L * rows);
            int nulls = months.getNullCount();
            MemoryAccess.deliverFaults();
            target.loadFieldBuffers(
                    new ArrowFieldNode(rows, nulls),
                    List.of(months.getFieldBuffers().get(0), longs));
            return undo.commit(target);
        }
    }

    /** Whether a field is one that {@link #stored(Field)} makes. */
    public static boolean isStored(Field field) {
        return storedDtype(field) != null;
    }

    /**
     * The opposite of {@link #stored(FieldVector, BufferAllocator, Location)}, or null where the values are none that month
     * intervals hold; the caller closes the vector.
     *
     * @throws NpzException LIMIT when the allocator cannot give the memory, FILE_CHANGED when a page of a mapped column is
     *     gone
     */
    public static @Nullable FieldVector restored(FieldVector stored, BufferAllocator allocator, Location location)
            throws NpzException {
        ScalarDType dtype = storedDtype(stored.getField());
        if (dtype == null) {
            throw new IllegalArgumentException("no column of stored months: " + stored.getField());
        }
        int rows = stored.getValueCount();
        ArrowBuf values = stored.getDataBuffer();
        try (ArrowBuf months = Allocations.allocate(allocator, 4L * rows, location, "months")) {
            if (EncodeTime.hasNat(values, ColumnEncoderElement.nulls(stored), rows)
                    || NarrowTime.multiply(values, 0, months, 0, rows, steps(dtype)) >= 0) {
                MemoryAccess.deliverFaults();
                return null;
            }
            months.writerIndex(4L * rows);
            int nulls = stored.getNullCount();
            MemoryAccess.deliverFaults();
            FieldVector target = restored(stored.getField()).createVector(allocator);
            target.loadFieldBuffers(
                    new ArrowFieldNode(rows, nulls),
                    List.of(stored.getFieldBuffers().get(0), months));
            return target;
        }
    }

    private static Field restored(Field field) {
        Map<String, String> metadata = new LinkedHashMap<>(field.getMetadata());
        metadata.remove(NumpyMetadata.EXTENSION_NAME);
        metadata.remove(NumpyMetadata.EXTENSION_METADATA);
        ArrowType type = new ArrowType.Interval(IntervalUnit.YEAR_MONTH);
        return new Field(field.getName(), new FieldType(field.isNullable(), type, null, metadata), null);
    }
}
