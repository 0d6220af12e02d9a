package org.arrownpz.sql;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.jspecify.annotations.Nullable;

/** A file, opened anew for each scan and only as far as that needs. */
final class FileTable {
    private FileTable() {}

    /** @param limits of what is read, of NPY and NPZ */
    static Table of(BufferAllocator allocator, Path path, ReadLimits limits) {
        ReadOptions options = ReadOptions.defaults().withLimits(limits);
        String name = path.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npz")) {
            return new NpzTable(allocator, path, options);
        }
        if (name.endsWith(".npy")) {
            return new Whole(allocator, path, options);
        }
        return name.endsWith(".parquet") ? new Columnar(allocator, path) : new Batched(allocator, path);
    }

    /** An array, which is one member: all or nothing. */
    private record Whole(BufferAllocator allocator, Path path, ReadOptions options) implements Table {
        @Override
        public List<Field> fields() throws NpzException {
            try (Frame frame = Frames.open(allocator, path, options)) {
                return FrameTable.borrowed(frame).fields();
            }
        }

        @Override
        public Rows read(@Nullable Set<String> columns) throws NpzException {
            return FrameTable.owned(Frames.open(allocator, path, options));
        }

        @Override
        public void close() {
            // Every scan opens the file for itself.
        }
    }

    /** Parquet: columns that are not asked for are not read. */
    private record Columnar(BufferAllocator allocator, Path path) implements Table {
        @Override
        public List<Field> fields() throws NpzException {
            try (ParquetFile file = Parquet.read(allocator, path)) {
                return DuckColumns.decoded(file.schema().getFields(), file.reader());
            }
        }

        @Override
        public Rows read(@Nullable Set<String> columns) throws NpzException {
            String[] names = columns == null ? new String[0] : columns.toArray(String[]::new);
            ParquetFile file = Parquet.read(allocator, path, names);
            return new Rows(file.reader(), file);
        }

        @Override
        public void close() {
            // Every scan opens the file for itself.
        }
    }

    /** Arrow IPC: mapped, so that columns that nobody asks for stay on disk. */
    private record Batched(BufferAllocator allocator, Path path) implements Table {
        @Override
        public List<Field> fields() throws NpzException {
            try (IpcFile file = Ipc.read(allocator, path)) {
                return DuckColumns.decoded(file.schema().getFields(), file.reader());
            }
        }

        @Override
        public Rows read(@Nullable Set<String> columns) throws NpzException {
            IpcFile file = Ipc.read(allocator, path);
            return new Rows(file.reader(), file);
        }

        @Override
        public void close() {
            // Every scan opens the file for itself.
        }
    }
}
