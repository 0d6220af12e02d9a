package org.arrownpz.cli.verb;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.FlagValues.MemorySize;
import org.arrownpz.cli.console.PipeOutput;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.cli.file.FileSet;
import org.arrownpz.cli.file.Inputs;
import org.arrownpz.io.ArrowRuntime;
import org.arrownpz.support.JsonObject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The base of all verbs. */
public abstract class Verb implements Callable<Integer> {
    private static final int MESSAGE_LENGTH = 4096;

    protected final Console console;

    /** The verb's input that is no file. */
    final Inputs inputs;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(names = "--debug", description = "Print stack traces with error messages.")
    protected boolean debug;

    @Option(
            names = "--memory-limit",
            paramLabel = "SIZE",
            converter = MemorySize.class,
            description = "Refuse what needs more memory than this, for instance 512m or 4g. Mapped files need none.")
    long memoryLimit = Long.MAX_VALUE;

    protected Verb(Console console) {
        this.console = console;
        this.inputs = new Inputs(console);
    }

    /** Runs the verb and returns the exit code. */
    @Override
    public abstract Integer call() throws Exception;

    /** A new allocator under the limit that the user set. */
    protected final BufferAllocator allocator() {
        try {
            return new RootAllocator(memoryLimit);
        } catch (LinkageError e) {
            throw ArrowRuntime.explain(e);
        }
    }

    /** Prints an object as JSON where that is asked for or nobody looks, else as text. */
    final void print(boolean json, JsonObject object, Supplier<String> text) throws IOException {
        if (json || !console.outIsTerminal()) {
            JsonLines.print(object, console.out());
        } else {
            console.print(text.get());
        }
    }

    /** Refuses a number outside of its bounds; null is none. */
    static void requireRange(String flag, @Nullable Number value, long least, long greatest) {
        if (value != null && (value.longValue() < least || value.longValue() > greatest)) {
            String bounds = greatest == Long.MAX_VALUE ? "a number from " + least : least + " to " + greatest;
            throw new UsageException(flag + " takes " + bounds + ", not " + value);
        }
    }

    /** Work on one of the inputs. */
    interface Work {
        void run() throws Exception;
    }

    /** Work on each of the inputs. */
    interface Each {
        void take(BufferAllocator allocator, String path) throws Exception;
    }

    /** {@link #attempt Attempts} the work on all inputs; returns the exit code. */
    final int each(FileSet files, Each work) throws Exception {
        boolean ok = true;
        try (BufferAllocator allocator = allocator()) {
            for (String path : files.names()) {
                ok &= attempt(path, !files.many(), () -> work.take(allocator, path));
            }
        }
        return ok ? ExitCodes.OK : ExitCodes.DATA;
    }

    /**
     * Does the work on one of several inputs. Where it fails that is said, and the other inputs are not at fault; the
     * failure of the only one, or of the output, is thrown.
     *
     * @return whether it was done
     */
    final boolean attempt(String input, boolean only, Work work) throws Exception {
        Throwable failure;
        try {
            work.run();
            return true;
        } catch (NpzException
                | IllegalArgumentException
                | IllegalStateException
                | UsageException
                | OutOfMemoryException e) {
            if (only || PipeOutput.isClosed(e)) {
                throw e;
            }
            failure = e;
        } catch (OutOfMemoryError e) {
            // Of vectors that one file asks for; what is needed to go on is little beside them.
            if (only) {
                throw e;
            }
            failure = e;
        }
        String name = SafeText.escape(input, MESSAGE_LENGTH);
        String text = Console.text(failure);
        console.say(text.startsWith(name) ? text : name + ": " + text);
        return false;
    }

    /** Forgets what standard input brought to the verb that was called. */
    public static void end(CommandLine.ParseResult parsed) {
        if (parsed.hasSubcommand() && parsed.subcommand().commandSpec().userObject() instanceof Verb verb) {
            verb.inputs.close();
        }
    }

    public static boolean isDebug(CommandLine command) {
        return command.getCommand() instanceof Verb verb && verb.debug;
    }
}
