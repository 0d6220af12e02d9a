package org.arrownpz.parquet.internal.batch;

import java.io.IOException;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.arrownpz.parquet.internal.file.ConvertingReader;
import org.arrownpz.parquet.internal.file.NativeFile;
import org.arrownpz.parquet.internal.file.ParquetFaults;

/** The batches of a Parquet file with the types, metadata and dictionaries that they were written from. */
public final class RestoringReader extends ConvertingReader {
    private final NativeFile file;

    /** Closing it leaves the file, which it reads from, open. */
    public RestoringReader(
            NativeFile file, Restorer restorer, Map<String, String> metadata, BufferAllocator allocator) {
        super(
                file.reader(),
                IntStream.range(0, restorer.fields().size()).toArray(),
                restorer::restore,
                new Schema(restorer.fields(), metadata),
                restorer.dictionaries(),
                allocator);
        this.file = file;
    }

    @Override
    public boolean loadNextBatch() throws NpzException {
        try {
            do {
                if (!super.loadNextBatch()) {
                    return false;
                }
            } while (getVectorSchemaRoot().getRowCount() == 0);
            file.meter().add(getVectorSchemaRoot().getRowCount());
            return true;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw ParquetFaults.reading(file.location(), e);
        }
    }
}
