package org.arrownpz.vector.internal.plan;

import java.util.Map;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.NatPolicy;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.internal.plan.ColumnPlan.Time.Conversion;
import org.jspecify.annotations.Nullable;

/** The rows of the type table for scalar types. */
record ScalarPlans(
        Location location, NatPolicy natPolicy, @Nullable String title) {
    ColumnPlan plan(ScalarDType dtype, TypeMapping mapping) throws NpzException {
        if (mapping == TypeMapping.STORAGE) {
            return storage(dtype);
        }
        return switch (dtype.kind()) {
            case BOOL -> new ColumnPlan.PackBits(dtype, ColumnPlanner.type(ArrowType.Bool.INSTANCE, metadata(dtype)));
            case INT, UINT, FLOAT -> number(dtype);
            case COMPLEX -> complex(dtype);
            case DATETIME -> datetime(dtype);
            case TIMEDELTA -> timedelta(dtype);
            case BYTES ->
                new ColumnPlan.StripNul(
                        dtype, ColumnPlanner.type(ArrowType.Binary.INSTANCE, metadata(dtype)), dtype.itemSize());
            case UNICODE ->
                new ColumnPlan.DecodeText(
                        dtype,
                        ColumnPlanner.type(ArrowType.Utf8.INSTANCE, metadata(dtype)),
                        dtype.itemSize(),
                        dtype.isBigEndian(),
                        storage(dtype));
            case VOID -> binary(dtype, metadata(dtype));
        };
    }

    /** The view of the bytes. */
    private ColumnPlan storage(ScalarDType dtype) throws NpzException {
        Map<String, String> metadata = metadata(dtype);
        if (dtype.kind() == DTypeKind.UNICODE) {
            NumpyMetadata.extension(metadata, NumpyMetadata.UNICODE, PlanMetadata.unicode(dtype));
            return binary(dtype, metadata);
        }
        if (isLongDouble(dtype)) {
            return opaque(dtype);
        }
        if (dtype.isBigEndian()) {
            return binary(dtype, metadata);
        }
        return switch (dtype.kind()) {
            case BOOL -> {
                NumpyMetadata.extension(metadata, NumpyMetadata.BOOL8, "");
                yield view(dtype, new ArrowType.Int(8, true), metadata, false);
            }
            case INT, UINT, FLOAT -> number(dtype);
            case COMPLEX -> complex(dtype);
            case DATETIME, TIMEDELTA ->
                hasArrowUnit(dtype)
                        ? view(dtype, arrowTime(dtype, arrowUnit(dtype)), metadata, false)
                        : stored64(dtype, false);
            default -> binary(dtype, metadata);
        };
    }

    private ColumnPlan number(ScalarDType dtype) throws NpzException {
        if (isLongDouble(dtype)) {
            return opaque(dtype);
        }
        ArrowType type = dtype.kind() == DTypeKind.FLOAT
                ? ColumnPlanner.floating(dtype.itemSize())
                : new ArrowType.Int((int) dtype.itemSize() * 8, ColumnPlanner.isSigned(dtype));
        return values(dtype, type, metadata(dtype), false);
    }

    private ColumnPlan complex(ScalarDType dtype) throws NpzException {
        if (isLongDouble(dtype)) {
            return opaque(dtype);
        }
        ScalarDType half = new ScalarDType(DTypeKind.FLOAT, dtype.order(), dtype.itemSize() / 2, null);
        ColumnPlan part = values(half, ColumnPlanner.floating(half.itemSize()), null, false);
        Map<String, String> metadata = metadata(dtype);
        NumpyMetadata.extension(metadata, NumpyMetadata.COMPLEX, "");
        return new ColumnPlan.FixedList(dtype, ColumnPlanner.type(new ArrowType.FixedSizeList(2), metadata), 2, part);
    }

    private ColumnPlan datetime(ScalarDType dtype) {
        long steps = unit(dtype).multiplier();
        ArrowType days = new ArrowType.Date(DateUnit.DAY);
        return switch (unit(dtype).base()) {
            case YEAR -> converted(dtype, days, Conversion.MONTHS, 12 * steps);
            case MONTH -> converted(dtype, days, Conversion.MONTHS, steps);
            case WEEK -> converted(dtype, days, Conversion.DAYS, 7 * steps);
            case DAY -> converted(dtype, days, Conversion.DAYS, steps);
            default -> time(dtype);
        };
    }

    private ColumnPlan timedelta(ScalarDType dtype) {
        long steps = unit(dtype).multiplier();
        ArrowType months = new ArrowType.Interval(IntervalUnit.YEAR_MONTH);
        return switch (unit(dtype).base()) {
            case YEAR -> converted(dtype, months, Conversion.INTERVAL, 12 * steps);
            case MONTH -> converted(dtype, months, Conversion.INTERVAL, steps);
            default -> time(dtype);
        };
    }

    /** The fallback is the 64-bit values of either byte order: what does not fit must not hang on how it was stored. */
    private ColumnPlan converted(ScalarDType dtype, ArrowType type, Conversion conversion, long factor) {
        return new ColumnPlan.Time(
                dtype,
                ColumnPlanner.type(type, metadata(dtype)),
                conversion,
                factor,
                dtype.isBigEndian(),
                stored64(dtype, scansNat()));
    }

    private ColumnPlan time(ScalarDType dtype) {
        long seconds = switch (unit(dtype).base()) {
            case WEEK -> 7 * 86_400;
            case DAY -> 86_400;
            case HOUR -> 3600;
            case MINUTE -> 60;
            default -> 1;
        };
        TimeUnit arrow = seconds > 1 ? TimeUnit.SECOND : arrowUnit(dtype);
        if (arrow == null) {
            return stored64(dtype, scansNat());
        }
        long factor = seconds * unit(dtype).multiplier();
        if (factor == 1) {
            return values(dtype, arrowTime(dtype, arrow), metadata(dtype), scansNat());
        }
        return converted(dtype, arrowTime(dtype, arrow), Conversion.RESCALE, factor);
    }

    private boolean scansNat() {
        return natPolicy == NatPolicy.NULL;
    }

    private ColumnPlan stored64(ScalarDType dtype, boolean scanNat) {
        Map<String, String> metadata = metadata(dtype);
        boolean date = dtype.kind() == DTypeKind.DATETIME;
        NumpyMetadata.extension(
                metadata,
                date ? NumpyMetadata.DATETIME64 : NumpyMetadata.TIMEDELTA64,
                NumpyMetadata.timeUnit(unit(dtype)));
        return values(dtype, new ArrowType.Int(64, true), metadata, scanNat);
    }

    private ColumnPlan opaque(ScalarDType dtype) throws NpzException {
        Map<String, String> metadata = metadata(dtype);
        String name = dtype.kind() == DTypeKind.COMPLEX ? "clongdouble" : "longdouble";
        NumpyMetadata.extension(metadata, NumpyMetadata.OPAQUE, PlanMetadata.opaque(name));
        return binary(dtype, metadata);
    }

    /** Void elements with a meaning, which {@code NumpyArray.as} has compared with their width. */
    ColumnPlan opaque(ScalarDType dtype, String parameters) throws NpzException {
        Map<String, String> metadata = metadata(dtype);
        NumpyMetadata.extension(metadata, NumpyMetadata.OPAQUE, parameters);
        return binary(dtype, metadata);
    }

    private ColumnPlan binary(ScalarDType dtype, Map<String, String> metadata) throws NpzException {
        if (dtype.itemSize() == 0) {
            // No Arrow library takes fixed-size binary of width 0 gladly.
            return new ColumnPlan.StripNul(dtype, ColumnPlanner.type(ArrowType.Binary.INSTANCE, metadata), 0);
        }
        ArrowType type = new ArrowType.FixedSizeBinary(ColumnPlanner.elementBytes(location, dtype));
        return view(dtype, type, metadata, false);
    }

    private ColumnPlan values(
            ScalarDType dtype, ArrowType type, @Nullable Map<String, String> metadata, boolean scanNat) {
        if (dtype.isBigEndian() && dtype.itemSize() > 1) {
            return new ColumnPlan.SwapBytes(dtype, ColumnPlanner.type(type, metadata), (int) dtype.itemSize(), scanNat);
        }
        return view(dtype, type, metadata, scanNat);
    }

    private ColumnPlan view(
            ScalarDType dtype, ArrowType type, @Nullable Map<String, String> metadata, boolean scanNat) {
        return new ColumnPlan.View(dtype, ColumnPlanner.type(type, metadata), dtype.itemSize(), scanNat);
    }

    private Map<String, String> metadata(ScalarDType dtype) {
        return ColumnPlanner.metadata(dtype, title);
    }

    private static boolean isLongDouble(ScalarDType dtype) {
        return (dtype.kind() == DTypeKind.FLOAT && dtype.itemSize() > 8)
                || (dtype.kind() == DTypeKind.COMPLEX && dtype.itemSize() > 16);
    }

    private static TimeUnit64 unit(ScalarDType dtype) {
        TimeUnit64 unit = dtype.unit();
        if (unit == null) {
            throw new IllegalArgumentException(dtype + " has no unit");
        }
        return unit;
    }

    private static boolean hasArrowUnit(ScalarDType dtype) {
        return unit(dtype).multiplier() == 1 && arrowUnit(dtype) != null;
    }

    private static @Nullable TimeUnit arrowUnit(ScalarDType dtype) {
        return switch (unit(dtype).base()) {
            case SECOND -> TimeUnit.SECOND;
            case MILLISECOND -> TimeUnit.MILLISECOND;
            case MICROSECOND -> TimeUnit.MICROSECOND;
            case NANOSECOND -> TimeUnit.NANOSECOND;
            default -> null;
        };
    }

    private static ArrowType arrowTime(ScalarDType dtype, @Nullable TimeUnit unit) {
        return dtype.kind() == DTypeKind.DATETIME ? new ArrowType.Timestamp(unit, null) : new ArrowType.Duration(unit);
    }
}
