package org.arrownpz.flight;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.flight.internal.KnownFiles;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Tables;

/** The batches of a stream: one root, filled again and again. */
interface Batches extends AutoCloseable {
    VectorSchemaRoot root();

    DictionaryProvider dictionaries();

    /** Fills the root with the next rows; false at the end. */
    boolean next() throws IOException;

    @Override
    void close() throws IOException;

    /**
     * A part of a file, batch by batch.
     *
     * @param views whether what views the file is sent as it is, by the thread that asks for the next batch
     * @throws IllegalArgumentException for unknown or doubled columns
     */
    static Batches of(Path file, NpzTicket wanted, ServerLimits limits, BufferAllocator allocator, boolean views)
            throws IOException {
        try (Frame frame = KnownFiles.frame(allocator, file)) {
            if (frame != null) {
                return new FrameBatches(frame, wanted, limits.batchBytes(), allocator, views);
            }
        }
        ReadOptions options = ReadOptions.defaults().withMapping(views ? Mapping.READ_ONLY : Mapping.COPY);
        ArrowReader reader = Tables.open(
                allocator, file, wanted.columns().isEmpty() ? options : options.withColumns(wanted.columns()));
        long most = wanted.limit() < 0 ? Long.MAX_VALUE : wanted.limit();
        ServerLimits any = limits.withResults(Long.MAX_VALUE, Long.MAX_VALUE, limits.queryTime());
        return new QueryBatches(reader, false, any, allocator, e -> e, (rows, bytes) -> {}, wanted.offset(), most);
    }
}
