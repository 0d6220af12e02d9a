package org.arrownpz.cli.console;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Spans of time such as {@code 30m}, {@code 1h30m}, {@code 500ms}, {@code 2d}, or as ISO 8601 has them. */
public final class GapConverter implements ITypeConverter<Duration> {
    private static final Pattern PART = Pattern.compile("([0-9]{1,15})(ns|us|ms|s|m|h|d)");
    private static final Pattern ALL = Pattern.compile("(?:[0-9]{1,15}(?:ns|us|ms|s|m|h|d))+");

    @Override
    public Duration convert(String value) {
        String text = value.toLowerCase(Locale.ROOT);
        try {
            if (!ALL.matcher(text).matches()) {
                return Duration.parse(value);
            }
            Duration sum = Duration.ZERO;
            Matcher part = PART.matcher(text);
            while (part.find()) {
                sum = sum.plus(unit(part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
            }
            return sum;
        } catch (ArithmeticException | DateTimeParseException e) {
            throw new TypeConversionException("'" + value + "' is no span of time such as 30m, 1h30m or 500ms");
        }
    }

    private static Duration unit(String unit) {
        return switch (unit) {
            case "ns" -> Duration.ofNanos(1);
            case "us" -> Duration.ofNanos(1000);
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
        };
    }
}
