package org.arrownpz.parquet.internal.type;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;

/** Times in the units that Parquet has, and back: seconds are milliseconds there, and dates count days. */
final class StoredTimes {
    private static final long MILLIS_PER_SECOND = 1000;
    private static final long MILLIS_PER_DAY = 86_400_000;
    private static final int SIGN = 1 << 31;

    private StoredTimes() {}

    /** Seconds as milliseconds, or milliseconds as days, which the caller closes. */
    static FieldVector stored(FieldVector vector, Field field, Location location) throws NpzException {
        return vector.getField().getType() instanceof ArrowType.Date
                ? scaled(vector, field, 1, MILLIS_PER_DAY, false, location)
                : scaled(vector, field, MILLIS_PER_SECOND, 1, false, location);
    }

    /** Milliseconds as seconds, or days as milliseconds, which the caller closes. */
    static FieldVector restored(FieldVector vector, Field wanted, Location location) throws NpzException {
        return wanted.getType() instanceof ArrowType.Date
                ? scaled(vector, wanted, MILLIS_PER_DAY, 1, true, location)
                : scaled(vector, wanted, 1, MILLIS_PER_SECOND, true, location);
    }

    private static FieldVector scaled(
            FieldVector vector, Field field, long factor, long divisor, boolean reading, Location location)
            throws NpzException {
        int count = vector.getValueCount();
        try (FieldVector result = field.createVector(vector.getAllocator())) {
            int from = ((BaseFixedWidthVector) vector).getTypeWidth();
            int to = ((BaseFixedWidthVector) result).getTypeWidth();
            long limit = to == Integer.BYTES ? Integer.MAX_VALUE : Long.MAX_VALUE;
            long bytes = count * (long) to;
            ArrowBuf values = vector.getDataBuffer();
            try (ArrowBuf scaled = vector.getAllocator().buffer(bytes)) {
                for (int row = 0; row < count; row++) {
                    long value = vector.isNull(row) ? 0 : value(values, row, from);
                    long quotient = value / divisor;
                    if (quotient * divisor != value || quotient > limit / factor || quotient < -limit / factor) {
                        throw reading
                                ? contradicts(vector, field, row, value, location)
                                : unstorable(vector, row, value, location);
                    }
                    if (to == Integer.BYTES) {
                        scaled.setInt(row * (long) Integer.BYTES, (int) (quotient * factor));
                    } else {
                        scaled.setLong(row * (long) Long.BYTES, quotient * factor);
                    }
                }
                result.loadFieldBuffers(
                        Rebuild.node(vector), List.of(Rebuild.validity(vector), scaled.writerIndex(bytes)));
            }
            return Rebuild.leaf(result, field);
        }
    }

    /** JDK 17 cannot recover from a load with a sign extension where a page of a mapped file is gone. */
    private static long value(ArrowBuf values, int row, int width) {
        if (width == Long.BYTES) {
            return values.getLong(row * (long) Long.BYTES);
        }
        long bits = values.getInt(row * (long) Integer.BYTES) & 0xFFFFFFFFL;
        return (bits ^ SIGN & 0xFFFFFFFFL) - (SIGN & 0xFFFFFFFFL);
    }

    private static NpzException unstorable(FieldVector vector, int row, long value, Location location) {
        boolean date = vector.getField().getType() instanceof ArrowType.Date;
        return location.error(
                        ErrorCode.VALUE,
                        "column " + SafeText.quote(vector.getName())
                                + (date
                                        ? " holds a date that is no whole day, as those of Parquet are"
                                        : " holds a time that Parquet, which has no seconds, cannot hold as milliseconds"))
                .found(value + (date ? " ms" : " s") + " in row " + row)
                .remedy(date ? "Write the column as timestamps" : "Write the column as 64-bit integers")
                .build();
    }

    private static NpzException contradicts(FieldVector vector, Field wanted, int row, long value, Location location) {
        return location.error(
                        ErrorCode.META_SCHEMA,
                        "column " + SafeText.quote(vector.getName()) + " contradicts the schema in the metadata: row "
                                + row + " is none of its values")
                .expected(wanted.getType())
                .found(value + " of " + vector.getField().getType())
                .build();
    }
}
