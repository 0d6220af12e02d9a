package org.arrownpz.spark.internal.column;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.spark.internal.column.TimeColumns.Scale;
import org.arrownpz.vector.NumpyMetadata;
import org.jspecify.annotations.Nullable;

/** Units of time in microseconds. */
final class NumpyUnits {
    private static final Pattern PARAMETERS = Pattern.compile("\\{\"unit\":\"([a-z]+)\",\"multiplier\":([0-9]{1,10})}");

    private NumpyUnits() {}

    /** The scale of an integer column that core marks as datetime64 or timedelta64, or null where it is none. */
    static @Nullable Scale scale(Field field) {
        String extension = field.getMetadata().get(NumpyMetadata.EXTENSION_NAME);
        if (!NumpyMetadata.DATETIME64.equals(extension) && !NumpyMetadata.TIMEDELTA64.equals(extension)) {
            return null;
        }
        String text = field.getMetadata().get(NumpyMetadata.EXTENSION_METADATA);
        Matcher parameters = PARAMETERS.matcher(text == null ? "" : text);
        if (!parameters.matches()) {
            return null;
        }
        long multiplier = Long.parseLong(parameters.group(2));
        return switch (parameters.group(1)) {
            case "as" -> new Scale(multiplier, 1_000_000_000_000L);
            case "fs" -> new Scale(multiplier, 1_000_000_000L);
            case "ps" -> new Scale(multiplier, 1_000_000L);
            // The generic unit has no scale: such a column stays an integer.
            default -> null;
        };
    }

    static Scale scale(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> new Scale(1_000_000, 1);
            case MILLISECOND -> new Scale(1000, 1);
            case MICROSECOND -> Scale.ONE;
            case NANOSECOND -> new Scale(1, 1000);
        };
    }
}
