package org.arrownpz.cli.file;

import static org.arrownpz.cli.console.Console.quote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ReadOptions;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * A file that goes together with others, read batch by batch.
 *
 * @param path of the file
 * @param name of the one column that an {@code .npy} file becomes; null where it is read as a table
 */
public record PasteSource(String path, @Nullable String name) {
    private static final long BATCH_BYTES = 32L << 20;
    private static final long BATCH_ROWS = 1 << 16;

    /**
     * A path, or {@code NAME=PATH} for an array.
     *
     * @throws UsageException for names of what has columns of its own
     */
    public static PasteSource parse(String argument, Inputs inputs) throws IOException {
        int equals = argument.indexOf('=');
        boolean named = equals > 0 && !Urls.isUrl(argument) && !Files.exists(Path.of(argument));
        String given = named ? argument.substring(equals + 1) : argument;
        String path = given.isEmpty() ? given : inputs.of(given);
        if (path.isEmpty()) {
            throw new UsageException("NAME=PATH without a path: " + quote(argument));
        }
        Format format = Source.format(path);
        if (named && format != Format.NPY) {
            throw new UsageException("NAME=PATH names the array of an .npy file, not of " + quote(path));
        }
        return new PasteSource(path, named ? argument.substring(0, equals) : ConvertPlan.stem(given));
    }

    /** Whether it holds NumPy's arrays alone, which need not become columns. */
    public boolean isArrays(BufferAllocator allocator, ReadOptions options) throws IOException {
        Format format = Source.format(path);
        return format == Format.NPY
                || format == Format.NPZ
                        && Files.isRegularFile(Urls.path(path))
                        && Frames.inspect(allocator, Urls.path(path), options).kind() == FrameSummary.Kind.ARRAYS;
    }

    /** The batches; what has to be closed for them, in this order, is added to a list. */
    public ArrowReader open(BufferAllocator allocator, HeaderFlag header, Console console, List<AutoCloseable> owned)
            throws IOException {
        Format format = Source.format(path);
        if (format != null && format.isBatched()) {
            return BatchSource.reader(allocator, format, path, header.apply(ReadOptions.defaults()), console, owned);
        }
        ReadFlags flags = new ReadFlags();
        flags.size = header.size;
        flags.vectors = format == Format.NPY ? name : null;
        Frame frame = Source.open(allocator, path, flags, console);
        try (Rollback undo = Rollback.of(frame)) {
            ArrowReader reader = frame.reader(batchRows(frame.rowCount()));
            owned.add(reader);
            owned.add(frame);
            return undo.commit(reader);
        }
    }

    // Rows may be long, and may have to be copied.
    private int batchRows(long rows) throws IOException {
        Path file = Urls.path(Address.of(path).path());
        long rowBytes = Files.isDirectory(file) ? 1 : Files.size(file) / Math.max(1, rows) + 1;
        return (int) Math.max(1, Math.min(BATCH_ROWS, BATCH_BYTES / rowBytes));
    }
}
