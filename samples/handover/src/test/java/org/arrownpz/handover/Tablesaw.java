package org.arrownpz.handover;

import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Columns of an archive into Tablesaw.
 *
 * <p>Copied: every value, once into a Java array and once by Tablesaw. Memory: the heap's afterwards; the archive can be closed.
 * Byte order: any, {@code doubles()} and {@code longs()} turn bytes.
 */
final class Tablesaw {
    private Tablesaw() {}

    static Table read(BufferAllocator allocator, Path file) throws NpzException {
        try (NumpyArrays arrays = Npz.open(allocator, file)) {
            return Table.create(
                    LongColumn.create("id", arrays.get("id").longs()),
                    DoubleColumn.create("price", arrays.get("price").doubles()),
                    StringColumn.create("city", arrays.get("city").strings()));
        }
    }
}
