package org.arrownpz.vector.internal.encode;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.dtype.TimeUnit64.Base;
import org.arrownpz.vector.internal.encode.ColumnEncoderRules.ColumnEncoderChoice;
import org.arrownpz.vector.internal.kernel.EncodeTime;
import org.jspecify.annotations.Nullable;

/**
 * Dates, timestamps, durations and month intervals as datetime64 and timedelta64: in the hinted unit where every value
 * is a whole number of its steps, else in the unit of the Arrow type.
 */
public final class ColumnEncoderTimeRules {
    private static final String NAT = "a value is -2**63, which NumPy takes for NaT";
    private static final String ZONE = "NumPy has no time zones: the times are those of UTC";

    private ColumnEncoderTimeRules() {}

    static ColumnEncoderChoice choose(ArrowType type, List<FieldVector> vectors, @Nullable ScalarDType hint) {
        ScalarDType natural = natural(type);
        if (natural != null) {
            ColumnEncoderChoice choice = choose(vectors, natural, hint);
            boolean zoned = type instanceof ArrowType.Timestamp timestamp && timestamp.getTimezone() != null;
            return zoned && choice.element() != null ? ColumnEncoderChoice.of(choice.element(), ZONE) : choice;
        }
        if (hint == null || hint.kind() != DTypeKind.TIMEDELTA) {
            return ColumnEncoderChoice.buffers("NumPy has no calendar intervals");
        }
        // Without a hint intervals are not blocks, so that a misfit has no natural dtype to fall back to.
        ColumnEncoderElement element = convert(vectors, ScalarDType.timedelta(TimeUnit64.of(Base.MONTH)), hint);
        return element == null
                ? ColumnEncoderChoice.buffers("the intervals are not whole steps of " + hint)
                : ColumnEncoderChoice.of(element);
    }

    /** The dtype of a type of dates, timestamps or durations, or null for other types. */
    public static @Nullable ScalarDType natural(ArrowType type) {
        if (type instanceof ArrowType.Date date) {
            boolean days = date.getUnit() == org.apache.arrow.vector.types.DateUnit.DAY;
            return ScalarDType.datetime(TimeUnit64.of(days ? Base.DAY : Base.MILLISECOND));
        }
        if (type instanceof ArrowType.Timestamp timestamp) {
            return ScalarDType.datetime(unit(timestamp.getUnit()));
        }
        return type instanceof ArrowType.Duration duration ? ScalarDType.timedelta(unit(duration.getUnit())) : null;
    }

    /** The NumPy unit of an Arrow unit. */
    public static TimeUnit64 unit(org.apache.arrow.vector.types.TimeUnit unit) {
        return TimeUnit64.of(
                switch (unit) {
                    case SECOND -> Base.SECOND;
                    case MILLISECOND -> Base.MILLISECOND;
                    case MICROSECOND -> Base.MICROSECOND;
                    case NANOSECOND -> Base.NANOSECOND;
                });
    }

    private static ColumnEncoderChoice choose(
            List<FieldVector> vectors, ScalarDType natural, @Nullable ScalarDType hint) {
        if (hint != null && hint.kind() == natural.kind()) {
            ColumnEncoderElement element = convert(vectors, natural, hint);
            if (element != null) {
                return ColumnEncoderChoice.of(element);
            }
        }
        if (natural.equals(hint) && vectors.stream().allMatch(vector -> vector.getNullCount() == 0)) {
            // The column came from NumPy with NaT kept as a value (NatPolicy.SENTINEL).
            return ColumnEncoderChoice.of(ColumnEncoderFixed.values(natural, false, true));
        }
        ColumnEncoderElement element = convert(vectors, natural, natural);
        if (element == null) {
            return ColumnEncoderChoice.buffers(NAT);
        }
        return ColumnEncoderChoice.of(
                element, hint == null ? null : "not all values are of the column's dtype " + hint + " any more");
    }

    // The coder, or null when a value would not survive.
    private static @Nullable ColumnEncoderElement convert(
            List<FieldVector> vectors, ScalarDType source, ScalarDType target) {
        TimeUnit64 sourceUnit = Objects.requireNonNull(source.unit());
        TimeUnit64 targetUnit = Objects.requireNonNull(target.unit());
        Base from = sourceUnit.base();
        Base to = targetUnit.base();
        boolean calendar = to == Base.MONTH || to == Base.YEAR;
        boolean dated = from == Base.MONTH || from == Base.DAY;
        if (to == Base.GENERIC || (from == Base.MONTH && !calendar) || (calendar && !dated)) {
            return null;
        }
        boolean months = calendar && from == Base.DAY;
        BigInteger num = BigInteger.ONE;
        BigInteger den;
        if (calendar) {
            den = BigInteger.valueOf((to == Base.YEAR ? 12L : 1L) * targetUnit.multiplier());
        } else {
            num = attoseconds(sourceUnit);
            den = attoseconds(targetUnit);
            BigInteger common = num.gcd(den);
            num = num.divide(common);
            den = den.divide(common);
        }
        if (num.bitLength() > 63 || den.bitLength() > 63) {
            return null;
        }
        int width = from == Base.DAY || from == Base.MONTH ? 4 : 8;
        long times = num.longValue();
        long parts = den.longValue();
        boolean same = width == 8 && times == 1 && parts == 1;
        for (FieldVector vector : vectors) {
            ArrowBuf values = vector.getDataBuffer();
            ArrowBuf nulls = ColumnEncoderElement.nulls(vector);
            int rows = vector.getValueCount();
            if (same
                    ? EncodeTime.hasNat(values, nulls, rows)
                    : !EncodeTime.fits(values, nulls, rows, width, months, times, parts)) {
                return null;
            }
        }
        if (same) {
            return ColumnEncoderFixed.values(target, target.isBigEndian(), true);
        }
        return ColumnEncoderFixed.time(target, width, months, times, parts);
    }

    private static BigInteger attoseconds(TimeUnit64 unit) {
        long seconds = switch (unit.base()) {
            case WEEK -> 604_800;
            case DAY -> 86_400;
            case HOUR -> 3600;
            case MINUTE -> 60;
            default -> 1;
        };
        int power = switch (unit.base()) {
            case MILLISECOND -> 15;
            case MICROSECOND -> 12;
            case NANOSECOND -> 9;
            case PICOSECOND -> 6;
            case FEMTOSECOND -> 3;
            case ATTOSECOND -> 0;
            default -> 18;
        };
        return BigInteger.TEN
                .pow(power)
                .multiply(BigInteger.valueOf(seconds))
                .multiply(BigInteger.valueOf(unit.multiplier()));
    }
}
