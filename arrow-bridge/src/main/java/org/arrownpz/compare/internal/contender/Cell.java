package org.arrownpz.compare.internal.contender;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Reads one cell by its labels, the first row of the first column. StaticFrame's article does so after each opening, so
 * that lazy readers have to read something.
 */
public final class Cell implements Batch {
    private final String column;
    private final int levels;
    private @Nullable Object value;
    private boolean found;

    private Cell(String column, int levels) {
        this.column = column;
        this.levels = levels;
    }

    public static void read(Reader reader, BufferAllocator allocator, Path file, Frame frame) throws Exception {
        Cell cell = new Cell(frame.schema().getFields().get(frame.indexLevels()).getName(), frame.indexLevels());
        reader.call().read(allocator, file, cell);
        if (!cell.found) {
            throw new IllegalStateException(reader.program() + " finds no column " + cell.column);
        }
    }

    @Override
    public void take(List<FieldVector> columns, DictionaryProvider dictionaries) {
        if (found || columns.isEmpty() || columns.get(0).getValueCount() == 0) {
            return;
        }
        for (int i = 0; i < levels; i++) {
            value = columns.get(i).getObject(0);
        }
        for (FieldVector candidate : columns) {
            if (candidate.getName().equals(column)) {
                value = candidate.getObject(0);
                found = true;
                return;
            }
        }
    }

    @Override
    public String toString() {
        return String.valueOf(value);
    }
}
