package org.arrownpz.cli.console;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Stack;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** Values of flags that picocli does not know: spans of time, sizes, and lists with blanks. */
public final class FlagValues {
    private FlagValues() {}

    /** Spans of time such as {@code 30m}, {@code 1h30m}, {@code 500ms}, {@code 2d}, or as ISO 8601 has them. */
    public static final class GapConverter implements ITypeConverter<Duration> {
        private static final Map<String, ChronoUnit> UNITS = Map.of(
                "ns", ChronoUnit.NANOS,
                "us", ChronoUnit.MICROS,
                "ms", ChronoUnit.MILLIS,
                "s", ChronoUnit.SECONDS,
                "m", ChronoUnit.MINUTES,
                "h", ChronoUnit.HOURS,
                "d", ChronoUnit.DAYS);
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
                    sum = sum.plus(Long.parseLong(part.group(1)), UNITS.get(part.group(2)));
                }
                return sum;
            } catch (ArithmeticException | DateTimeParseException e) {
                throw new TypeConversionException("'" + value + "' is no span of time such as 30m, 1h30m or 500ms");
            }
        }
    }

    /** Sizes such as {@code 4096}, {@code 512m} and {@code 4g}. */
    public static final class MemorySize implements ITypeConverter<Long> {
        private static final String UNITS = "kmgt";

        @Override
        public Long convert(String value) {
            String text = value.toLowerCase(Locale.ROOT);
            int unit = text.isEmpty() ? -1 : UNITS.indexOf(text.charAt(text.length() - 1));
            try {
                long number = Long.parseLong(unit < 0 ? text : text.substring(0, text.length() - 1));
                if (number > 0) {
                    return Math.multiplyExact(number, 1L << (10 * (unit + 1)));
                }
            } catch (ArithmeticException | NumberFormatException e) {
                // The same answer as for zero.
            }
            throw new TypeConversionException("'" + value + "' is no size such as 512m or 4g");
        }
    }

    /** Lets lists have blanks after their commas: {@code -c a, b} is what {@code -c a,b} is. */
    public static final class CommaList implements IParameterPreprocessor {
        @Override
        // The type is picocli's.
        @SuppressWarnings("JdkObsolete")
        public boolean preprocess(Stack<String> args, CommandSpec command, ArgSpec list, Map<String, Object> info) {
            if (!args.isEmpty() && args.peek() != null) {
                StringBuilder value = new StringBuilder(args.pop());
                while (value.length() > 1
                        && value.charAt(value.length() - 1) == ','
                        && !args.isEmpty()
                        && !args.peek().startsWith("-")) {
                    value.append(args.pop());
                }
                args.push(value.toString());
            }
            return false;
        }
    }
}
