package org.arrownpz.cli.file;

import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.frame.Bus;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.Tables;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.parquet.TextFiles;
import org.jspecify.annotations.Nullable;

/**
 * An input of any format, opened as a frame.
 *
 * @param frame closed with the source
 * @param closer frees what the frame is read from
 */
public record Source(Frame frame, Runnable closer) implements AutoCloseable {
    /** Opens a path, or standard input for {@code -}. */
    public static Source open(BufferAllocator allocator, String name, ReadFlags flags, Console console)
            throws NpzException {
        Format format = format(name);
        if (format == Format.PIPE) {
            return ofIpc(Ipc.readStream(allocator, Channels.newChannel(console.in()), "standard input"), null, flags);
        }
        Path path = Path.of(name);
        if (flags.array != null) {
            return new Source(Frames.openArray(allocator, path, flags.array, flags.options()), () -> {});
        }
        if (format == Format.CSV) {
            return ofText(TextFiles.readCsv(allocator, path), flags);
        }
        if (format == Format.JSON) {
            return ofText(TextFiles.readJson(allocator, path), flags);
        }
        if (format == Format.PARQUET) {
            ParquetFile file = Parquet.read(allocator, path);
            try (Rollback undo = Rollback.of(file)) {
                return undo.commit(new Source(select(file.frame(), flags), file::close));
            }
        }
        if (format != null && format.isIpc()) {
            Schema selected = flags.columns == null ? null : IpcColumns.select(allocator, path, flags.columns);
            IpcFile file = selected == null ? Ipc.read(allocator, path) : IpcColumns.open(allocator, path, selected);
            return ofIpc(file, selected, flags);
        }
        if (format == Format.BUS || flags.frame != null) {
            return ofBus(allocator, path, flags);
        }
        return new Source(Frames.open(allocator, path, flags.options()), () -> {});
    }

    private static Source ofIpc(IpcFile file, @Nullable Schema selected, ReadFlags flags) throws NpzException {
        try (Rollback undo = Rollback.of(file)) {
            Frame frame = selected == null ? select(file.frame(), flags) : IpcColumns.frame(file, selected);
            return undo.commit(new Source(frame, file::close));
        }
    }

    private static Source ofText(VectorSchemaRoot root, ReadFlags flags) {
        try (Rollback undo = Rollback.of(root);
                Frame whole = Frame.of(root)) {
            // The selection holds what the whole frame had to make of the root's vectors.
            Frame frame = flags.columns == null ? whole.share() : select(whole, flags);
            return undo.commit(new Source(frame, root::close));
        }
    }

    private static Frame select(Frame whole, ReadFlags flags) {
        return flags.columns == null ? whole : whole.select(flags.columns.toArray(new String[0]));
    }

    private static Source ofBus(BufferAllocator allocator, Path path, ReadFlags flags) throws NpzException {
        try (Bus bus = Bus.open(allocator, path, flags.options())) {
            if (flags.frame == null) {
                throw new UsageException("this archive holds several frames; choose one with --frame: "
                        + SafeText.escape(String.join(", ", bus.labels()), 1000));
            }
            return new Source(bus.frame(flags.frame), () -> {});
        }
    }

    /** The format of a path by its name, or else by its first bytes; null for what only NumPy's formats can be. */
    public static @Nullable Format format(String name) {
        Format format = Format.ofName(name);
        return format != null || !Files.isRegularFile(Path.of(name))
                ? format
                : Format.ofExtension(Tables.format(Path.of(name)));
    }

    @Override
    public void close() {
        frame.close();
        closer.run();
    }
}
