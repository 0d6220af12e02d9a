package org.arrownpz.compare.internal.contender;

import org.arrownpz.compare.report.FileForm;
import java.nio.file.Path;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.dataset.scanner.ScanOptions;
import org.apache.arrow.dataset.scanner.Scanner;
import org.apache.arrow.dataset.source.Dataset;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * Arrow's native dataset reader.
 *
 * @param mapped whether it is told to map the file, which it does for uncompressed Feather only
 */
public record DatasetReading(FileForm form, boolean mapped) implements ReadContender {
    /** Batches smaller than the file's make the native reader copy. */
    private static final long BATCH_ROWS = 1L << 30;

    @Override
    public String program() {
        return mapped ? "dataset ?use_mmap" : "dataset";
    }

    @Override
    public boolean peer() {
        return true;
    }

    @Override
    public boolean maps() {
        return mapped;
    }

    @Override
    public void read(BufferAllocator allocator, Path file, Batch batch) throws Exception {
        FileFormat format = form == FileForm.PARQUET ? FileFormat.PARQUET : FileFormat.ARROW_IPC;
        String uri = file.toAbsolutePath().toUri() + (mapped ? "?use_mmap" : "");
        try (FileSystemDatasetFactory factory =
                        new FileSystemDatasetFactory(allocator, NativeMemoryPool.getDefault(), format, uri);
                Dataset dataset = factory.finish();
                Scanner scanner = dataset.newScan(new ScanOptions(BATCH_ROWS));
                ArrowReader reader = scanner.scanBatches()) {
            while (reader.loadNextBatch()) {
                batch.take(reader.getVectorSchemaRoot().getFieldVectors(), reader);
            }
        }
    }
}
