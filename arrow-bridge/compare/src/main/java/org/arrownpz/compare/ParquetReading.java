package org.arrownpz.compare;

import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.frame.Frame;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;

/** {@link Parquet#read}: Arrow's dataset reader, its row groups joined, and our types and labels restored. */
record ParquetReading() implements ReadContender {
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
