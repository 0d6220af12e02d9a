package org.arrownpz.parquet;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Tables;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.support.Rollback;

/** Parquet for {@link org.arrownpz.ipc.Tables}. Immutable and safe for use by several threads. */
public final class ParquetTables implements Tables.Format {
    @Override
    public Set<String> extensions() {
        return Set.of("parquet");
    }

    @Override
    public ArrowReader open(BufferAllocator allocator, Path path, String extension, ReadOptions options)
            throws NpzException {
        List<String> columns = options.columns();
        ParquetFile file = ParquetFile.open(allocator, path, columns == null ? List.of() : columns, options.verify());
        return reader(allocator, file);
    }

    private static ArrowReader reader(BufferAllocator allocator, ParquetFile file) {
        return new BatchReader.Owned(allocator, file.reader(), file::close) {
            @Override
            public ArrowReader select(List<String> columns) throws NpzException {
                file.select(columns);
                return reader(allocator, file);
            }
        };
    }

    @Override
    public Frame read(BufferAllocator allocator, Path path, String extension, ReadOptions options) throws NpzException {
        ParquetFile file = ParquetFile.open(allocator, path, List.of(), options.verify());
        try (Rollback undo = Rollback.of(file)) {
            return undo.commit(file.frame().owning(file));
        }
    }

    @Override
    public void write(ArrowReader reader, Path target, String extension, Durability durability) throws NpzException {
        Parquet.write(reader, target, ParquetOptions.defaults().withDurability(durability));
    }
}
