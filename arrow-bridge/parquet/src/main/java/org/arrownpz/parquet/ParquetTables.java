package org.arrownpz.parquet;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.TableFormat;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.parquet.internal.text.read.TextReader;
import org.arrownpz.support.Rollback;

/** Parquet, CSV and JSON lines for {@link org.arrownpz.ipc.Tables}. Immutable and safe for use by several threads. */
public final class ParquetTables implements TableFormat {
    @Override
    public Set<String> extensions() {
        return Set.of("parquet", "csv", "json", "jsonl", "ndjson");
    }

    @Override
    public ArrowReader open(BufferAllocator allocator, Path path, String extension, ReadOptions options)
            throws NpzException {
        List<String> columns = options.columns();
        if (extension.equals("parquet")) {
            ParquetFile file =
                    ParquetFile.open(allocator, path, columns == null ? List.of() : columns, options.verify());
            return new BatchReader.Owned(allocator, file.reader(), file::close);
        }
        return TextReader.open(allocator, path, text(extension), columns);
    }

    @Override
    public Frame read(BufferAllocator allocator, Path path, String extension, ReadOptions options) throws NpzException {
        if (extension.equals("parquet")) {
            ParquetFile file = ParquetFile.open(allocator, path, List.of(), options.verify());
            try (Rollback undo = Rollback.of(file)) {
                return undo.commit(file.frame().owning(file));
            }
        }
        VectorSchemaRoot root = TextFiles.read(allocator, path, text(extension));
        try (Rollback undo = Rollback.of(root)) {
            return undo.commit(Frame.of(root).owning(root));
        }
    }

    @Override
    public void write(ArrowReader reader, Path target, String extension, Durability durability) throws NpzException {
        switch (extension) {
            case "parquet" ->
                Parquet.write(reader, target, ParquetOptions.defaults().withDurability(durability));
            case "csv" -> TextFiles.writeCsv(reader, target, durability);
            default -> TextFiles.writeJson(reader, target, durability);
        }
    }

    private static TextReader.Form text(String extension) {
        return extension.equals("csv") ? TextReader.Form.CSV : TextReader.Form.JSON;
    }
}
