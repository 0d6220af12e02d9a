package org.arrownpz.event.internal.keys;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.SafeText;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.vector.internal.gather.Vectors;

/** The columns that sessions add, and gaps in the units of a column. */
public final class Sessions {
    static final String NUMBER = "session";
    static final String START = "session_start";
    static final String END = "session_end";
    static final String COUNT = "session_count";

    private static final ArrowType LONG = new ArrowType.Int(64, true);
    private static final long DAY_NANOS = 86_400_000_000_000L;

    private Sessions() {}

    /** The fields of the added columns. */
    public static List<Field> fields(Field time) {
        Field number = new Field(NUMBER, FieldType.nullable(LONG), null);
        Field count = new Field(COUNT, FieldType.nullable(LONG), null);
        return List.of(number, Vectors.renamed(time, START), Vectors.renamed(time, END), count);
    }

    /** The greatest difference of two times that is not above the gap. */
    public static long gap(Duration gap, Field time) {
        BigInteger nanos = BigInteger.valueOf(gap.getSeconds())
                .multiply(BigInteger.valueOf(1_000_000_000))
                .add(BigInteger.valueOf(gap.getNano()));
        BigInteger units = nanos.divide(BigInteger.valueOf(unit(time)));
        return units.bitLength() > 63 ? Long.MAX_VALUE : units.longValue();
    }

    private static long unit(Field time) {
        ArrowType type = Storage.of(time.getType());
        if (time.getDictionary() == null) {
            if (type instanceof ArrowType.Timestamp timestamp) {
                return nanos(timestamp.getUnit());
            }
            if (type instanceof ArrowType.Duration duration) {
                return nanos(duration.getUnit());
            }
            if (type instanceof ArrowType.Time clock) {
                return nanos(clock.getUnit());
            }
            if (type instanceof ArrowType.Date date) {
                return date.getUnit() == DateUnit.DAY ? DAY_NANOS : nanos(TimeUnit.MILLISECOND);
            }
        }
        throw new IllegalArgumentException("sessions need a column of times, but " + SafeText.quote(time.getName())
                + " is of type " + type + "; cast it to a timestamp");
    }

    private static long nanos(TimeUnit unit) {
        return java.util.concurrent.TimeUnit.valueOf(unit + "S").toNanos(1);
    }
}
