package org.arrownpz.cli.verb;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.ExitCodes;
import org.arrownpz.cli.console.Progress;
import org.arrownpz.cli.file.BatchSource;
import org.arrownpz.cli.file.Format;
import org.arrownpz.cli.file.Growth;
import org.arrownpz.cli.file.ReadFlags;
import org.arrownpz.cli.file.ResultFlags;
import org.arrownpz.cli.file.Source;
import org.arrownpz.cli.print.Rows.Batches;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The common part of packing and unpacking. Inputs that come in batches, and frames too long for one root, are worked
 * on batch by batch; where batches turn out to need sorting, the input is read again, in one piece.
 */
abstract class EventsVerb extends Verb {
    @Parameters(index = "0", paramLabel = "IN", description = "A file of any format, or - for an Arrow stream.")
    String source = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "OUT", description = "The target; - for an Arrow stream.")
    @Nullable
    String target;

    @Option(names = "--json", description = "Without OUT: print JSON also on a terminal.")
    boolean json;

    @Mixin
    ReadFlags flags = new ReadFlags();

    @Mixin
    ResultFlags result = new ResultFlags();

    EventsVerb(Console console) {
        super(console);
    }

    /**
     * A result in one piece.
     *
     * @param say tells what users did not ask for and should know
     * @param end frees the result
     */
    record Whole(Frame frame, Runnable say, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    /**
     * A result in batches, which ends with their reader.
     *
     * @param say as above, once all batches are read
     */
    record Stream(ArrowReader batches, Runnable say) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            batches.close();
        }
    }

    /** Whether batches can be refused where one root would be sorted. */
    abstract boolean mayFallBack();

    /** Whether batches can be worked on at all. */
    abstract boolean takesBatches();

    /** The work that goes on, for the line of progress. */
    abstract String task();

    abstract void checkFlags();

    abstract Whole whole(Frame frame) throws NpzException;

    abstract Stream stream(BatchSource input, LongConsumer rowsSoFar) throws IOException;

    @Override
    public Integer call() throws Exception {
        checkFlags();
        result.check(target, json, console);
        source = inputs.of(source);
        try (BufferAllocator allocator = allocator();
                Progress progress = Progress.start(console)) {
            run(allocator, progress);
        }
        return ExitCodes.OK;
    }

    private void run(BufferAllocator allocator, Progress progress) throws IOException {
        Format format = flags.array != null || flags.frame != null ? null : Source.format(source);
        NpzException refusal = null;
        if (format != null && isStreamed(format)) {
            try {
                if (runBatches(allocator, format, progress)) {
                    return;
                }
            } catch (NpzException e) {
                if (!mayFallBack() || e.code() != ErrorCode.VALUE) {
                    throw e;
                }
                refusal = e;
            }
        }
        progress.follow("reading " + source, 0);
        try (Frame input = Source.open(allocator, source, flags, console)) {
            if (input.rowCount() > Batches.MAX_ROOT_ROWS) {
                AtomicLong rows = follow(progress, task());
                try (BatchSource batches = BatchSource.of(allocator, input)) {
                    write(batches, rows, progress);
                }
            } else {
                write(input, progress);
            }
        } catch (NpzException e) {
            // In one piece it is too large: then what was wrong with the batches has to be put right.
            throw refusal != null && e.code() == ErrorCode.LIMIT ? refusal : e;
        }
    }

    private boolean isStreamed(Format format) {
        boolean isOnce = format == Format.PIPE;
        return takesBatches() && format.isBatched() && !(isOnce && mayFallBack());
    }

    private boolean runBatches(BufferAllocator allocator, Format format, Progress progress) throws IOException {
        boolean isFinal = target == null || target.equals("-");
        if (isFinal && mayFallBack()) {
            // What is printed cannot be taken back: all that may be wrong has to be known before.
            AtomicLong rows = follow(progress, "checking");
            try (BatchSource input = BatchSource.open(allocator, format, source, flags, console)) {
                if (input == null) {
                    return false;
                }
                try (Stream trial = stream(input, rows::set)) {
                    while (trial.batches().loadNextBatch()) {
                        // Only whether it can be done is asked.
                    }
                }
            }
        }
        AtomicLong rows = follow(progress, task());
        try (BatchSource input = BatchSource.open(allocator, format, source, flags, console)) {
            if (input == null) {
                return false;
            }
            write(input, rows, progress);
        }
        return true;
    }

    private void write(BatchSource input, AtomicLong rows, Progress progress) throws IOException {
        try (Stream made = stream(input, rows::set)) {
            if (target == null) {
                progress.close();
            }
            result.write(made.batches(), target, json, console);
            made.say().run();
        }
    }

    private void write(Frame frame, Progress progress) throws IOException {
        progress.show(task() + " " + source);
        try (Whole made = whole(frame)) {
            if (target == null) {
                progress.close();
            } else {
                Growth.show(progress, target);
            }
            result.write(made.frame(), target, json, console);
            made.say().run();
        }
    }

    /** Shows how far what is opened next is gone through; the result is told of rows. */
    private AtomicLong follow(Progress progress, String what) {
        AtomicLong rows = new AtomicLong();
        progress.follow(what + " " + source, rows::get, Progress.Unit.ROWS);
        return rows;
    }
}
