package org.arrownpz.cli.console;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes such as {@code 4096}, {@code 512m} and {@code 4g}. */
public final class MemorySize implements ITypeConverter<Long> {
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
