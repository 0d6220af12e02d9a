package org.arrownpz.cli.file;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ReadOptions;
import org.arrownpz.cli.console.Console;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.Tables;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/** An input that comes in batches, opened without reading any. */
public final class BatchSource implements AutoCloseable {
    private final BufferAllocator allocator;
    private final ArrowReader reader;
    private final List<String> fields;
    private final ColumnNames names;
    private final List<AutoCloseable> owned;
    /** Of a file whose columns can be read one without the other. */
    private final @Nullable Path file;

    private BatchSource(
            BufferAllocator allocator,
            ArrowReader reader,
            ColumnNames names,
            List<AutoCloseable> owned,
            @Nullable Path file)
            throws IOException {
        this.allocator = allocator;
        this.file = file;
        this.reader = reader;
        this.names = names;
        this.owned = owned;
        this.fields = reader.getVectorSchemaRoot().getSchema().getFields().stream()
                .map(Field::getName)
                .toList();
    }

    /** Opens a path, or standard input; null where only the whole tells which labels it has. */
    public static @Nullable BatchSource open(
            BufferAllocator allocator, Format format, String name, ReadFlags flags, Console console)
            throws IOException {
        List<AutoCloseable> owned = new ArrayList<>();
        try (Rollback undo = Rollback.all(owned)) {
            ArrowReader reader = reader(allocator, format, name, ReadOptions.defaults(), console, owned);
            ColumnNames names = names(reader, flags);
            Path file = format == Format.PIPE ? null : Urls.path(name);
            return names == null ? null : undo.commit(new BatchSource(allocator, reader, names, owned, file));
        }
    }

    /** The batches of a frame that is too long for one root; it stays the caller's. */
    public static BatchSource of(BufferAllocator allocator, Frame frame) throws IOException {
        return of(allocator, frame, frame.batchRows());
    }

    /** The batches of so many rows of a frame, which stays the caller's. */
    public static BatchSource of(BufferAllocator allocator, Frame frame, int batchRows) throws IOException {
        ArrowReader reader = frame.reader(batchRows);
        return new BatchSource(allocator, reader, ColumnNames.of(frame), List.of(reader), null);
    }

    /** The batches of a path, or of an Arrow stream on standard input. */
    static ArrowReader reader(
            BufferAllocator allocator,
            Format format,
            String name,
            ReadOptions options,
            Console console,
            List<AutoCloseable> owned)
            throws IOException {
        if (format != Format.PIPE) {
            ArrowReader reader = Tables.open(allocator, Urls.path(name), options);
            owned.add(reader);
            return reader;
        }
        IpcFile file = Ipc.readStream(allocator, Channels.newChannel(console.in()), "standard input");
        owned.add(file);
        return file.reader();
    }

    // Labels are those of a frame over the same fields without rows.
    private static @Nullable ColumnNames names(ArrowReader reader, ReadFlags flags) throws IOException {
        try (Frame frame = Frame.of(reader.getVectorSchemaRoot(), reader)) {
            Set<FieldVector> own = new HashSet<>(reader.getVectorSchemaRoot().getFieldVectors());
            if (!own.containsAll(frame.root().getFieldVectors())) {
                return null;
            }
            ColumnNames all = ColumnNames.of(frame);
            return flags.columns == null ? all : new ColumnNames(all.levels(), all.chosen(flags.columns));
        }
    }

    /** The columns that can be asked for. */
    public ColumnNames names() {
        return names;
    }

    /** The batches of some columns, in this order; ends with this source. Called once. */
    public ArrowReader batches(ColumnNames wanted, LongConsumer rowsSoFar) throws IOException {
        List<String> all = wanted.all();
        if (file != null && all.size() < fields.size()) {
            // It has told what columns there are.
            owned.remove(reader);
            reader.close();
            ArrowReader narrow =
                    Tables.open(allocator, file, ReadOptions.defaults().withColumns(all));
            owned.add(narrow);
            return new BatchView(
                    allocator, narrow, IntStream.range(0, all.size()).toArray(), rowsSoFar);
        }
        int[] positions = all.stream().mapToInt(fields::indexOf).toArray();
        return new BatchView(allocator, reader, positions, rowsSoFar);
    }

    /** The batches of all columns, whatever they are called; ends with this source. Called once. */
    public ArrowReader all(LongConsumer rowsSoFar) throws IOException {
        return new BatchView(
                allocator, reader, IntStream.range(0, fields.size()).toArray(), rowsSoFar);
    }

    @Override
    public void close() {
        AutoCloseables.closeNoChecked(() -> AutoCloseables.close(owned));
    }
}
