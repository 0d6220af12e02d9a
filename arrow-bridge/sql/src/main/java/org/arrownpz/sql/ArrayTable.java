package org.arrownpz.sql;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.jspecify.annotations.Nullable;

/** One array of an NPZ archive: {@code FROM 'x.npz:name'}. */
final class ArrayTable implements Table {
    private final BufferAllocator allocator;
    private final Path path;
    private final String array;
    private final ReadOptions options;
    private @Nullable Frame opened;

    ArrayTable(BufferAllocator allocator, Path path, String array, ReadOptions options) {
        this.allocator = allocator;
        this.path = path;
        this.array = array;
        this.options = options;
    }

    private Frame frame() throws NpzException {
        Frame open = opened;
        if (open == null) {
            open = Frames.openArray(allocator, path, array, options);
            opened = open;
        }
        return open;
    }

    @Override
    public List<Field> fields() throws NpzException {
        return FrameTable.borrowed(frame()).fields();
    }

    @Override
    public Rows read(@Nullable Set<String> columns) throws NpzException {
        return FrameTable.borrowed(frame()).read(columns);
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.close();
        }
    }
}
