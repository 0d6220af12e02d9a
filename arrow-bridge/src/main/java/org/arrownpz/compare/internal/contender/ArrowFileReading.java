package org.arrownpz.compare.internal.contender;

import org.arrownpz.compare.report.FileForm;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;

/** Arrow's own {@link ArrowFileReader}, which copies each batch into allocator memory. */
public record ArrowFileReading(FileForm form) implements ReadContender {
    @Override
    public String program() {
        return "ArrowFileReader";
    }

    @Override
    public boolean peer() {
        return true;
    }

    @Override
    public boolean maps() {
        return false;
    }

    @Override
    public void read(BufferAllocator allocator, Path file, Batch batch) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                ArrowFileReader reader = new ArrowFileReader(channel, allocator, CommonsCompressionFactory.INSTANCE)) {
            while (reader.loadNextBatch()) {
                batch.take(reader.getVectorSchemaRoot().getFieldVectors(), reader);
            }
        }
    }
}
