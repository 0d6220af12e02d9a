package org.arrownpz.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What all verbs have. */
abstract class Verb implements Callable<Integer> {
    final Console console;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(names = "--debug", description = "Print stack traces with error messages.")
    boolean debug;

    @Option(
            names = "--memory-limit",
            paramLabel = "SIZE",
            converter = MemorySize.class,
            description = "Refuse what needs more memory than this, for instance 512m or 4g. Mapped files need none.")
    long memoryLimit = Long.MAX_VALUE;

    Verb(Console console) {
        this.console = console;
    }

    /** Runs the verb and returns the exit code. */
    @Override
    public abstract Integer call() throws Exception;

    /** A new allocator under the limit that the user set. */
    final BufferAllocator allocator() {
        return new RootAllocator(memoryLimit);
    }

    static boolean isDebug(CommandLine command) {
        return command.getCommand() instanceof Verb verb && verb.debug;
    }

    /** Sizes such as {@code 4096}, {@code 512m} and {@code 4g}. */
    static final class MemorySize implements ITypeConverter<Long> {
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
}
