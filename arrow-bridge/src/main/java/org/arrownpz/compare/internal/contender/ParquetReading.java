package org.arrownpz.compare.internal.contender;

import org.arrownpz.compare.report.FileForm;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.dataset.Parquet;
import org.arrownpz.dataset.ParquetFile;
import org.arrownpz.frame.Frame;

/** {@link Parquet#read}: Arrow's dataset reader, its row groups joined, and our types and labels restored. */
public record ParquetReading() implements ReadContender {
    @Override
    public FileForm form() {
        return FileForm.PARQUET;
    }

    @Override
    public String program() {
        return "Parquet.read";
    }

    @Override
    public boolean peer() {
        return false;
    }

    @Override
    public boolean maps() {
        return false;
    }

    @Override
    public void read(BufferAllocator allocator, Path file, Batch batch) throws Exception {
        try (ParquetFile parquet = Parquet.read(allocator, file)) {
            Frame frame = parquet.frame();
            batch.take(frame.root().getFieldVectors(), frame.dictionaries());
        }
    }
}
