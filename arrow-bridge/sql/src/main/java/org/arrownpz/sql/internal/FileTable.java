package org.arrownpz.sql.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.array.Safetensors;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.MappedIpcReader;
import org.arrownpz.ipc.Tables;
import org.arrownpz.ipc.cdata.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * A file, opened once for its columns and a scan. Another scan opens it anew, and so does one of some columns of text,
 * whose reader cannot leave columns out once it is open.
 *
 * @param opened what no scan took
 */
record FileTable(BufferAllocator allocator, Path path, ReadOptions options, Deque<ArrowReader> opened)
        implements Table {
    /**
     * A file's table.
     *
     * @param array one of an archive, or null for all
     * @param limits of what is read, of NPY and NPZ
     */
    static Table of(BufferAllocator allocator, Path path, @Nullable String array, ReadLimits limits) {
        ReadOptions options = ReadOptions.defaults().withLimits(limits);
        if (array != null) {
            return FrameTable.ofFile(
                    allocator,
                    isNamed(path, ".safetensors")
                            ? () -> tensor(allocator, path, array, options)
                            : () -> Frames.openArray(allocator, path, array, options));
        }
        return isNamed(path, ".npz") || isNamed(path, ".npy")
                ? FrameTable.ofFile(allocator, () -> Frames.open(allocator, path, options))
                : new FileTable(allocator, path, options, new ArrayDeque<>());
    }

    private static boolean isNamed(Path path, String extension) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(extension);
    }

    /** A column of its name. */
    private static Frame tensor(BufferAllocator allocator, Path path, String name, ReadOptions options)
            throws NpzException {
        try (NumpyArrays tensors = Safetensors.load(allocator, path, options)) {
            VectorSchemaRoot root = VectorSchemaRoot.of(tensors.vector(name));
            return Frame.of(root).owning(root);
        }
    }

    @Override
    public List<Field> fields() throws NpzException {
        ArrowReader reader = Tables.open(allocator, path, options);
        opened.push(reader);
        try {
            return DuckColumns.decoded(reader.getVectorSchemaRoot().getSchema().getFields(), reader);
        } catch (IOException e) {
            throw SqlFaults.failed(Location.ofFile(path.toString()), e);
        }
    }

    @Override
    public ArrowReader read(@Nullable Set<String> columns) throws NpzException {
        ArrowReader first = opened.peek();
        if (columns == null && first != null) {
            return opened.pop();
        } else if (columns != null && first instanceof MappedIpcReader mapped) {
            mapped.select(List.copyOf(columns));
            return opened.pop();
        } else if (columns != null && first instanceof BatchReader reader) {
            ArrowReader some = reader.select(List.copyOf(columns));
            if (some != null) {
                opened.pop();
                return some;
            }
        }
        close();
        ReadOptions some = columns == null ? options : options.withColumns(List.copyOf(columns));
        return Tables.open(allocator, path, some);
    }

    @Override
    public void close() {
        opened.forEach(AutoCloseables::closeNoChecked);
        opened.clear();
    }
}
