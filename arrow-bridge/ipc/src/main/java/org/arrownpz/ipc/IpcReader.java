package org.arrownpz.ipc;

import java.io.IOException;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ipc.internal.message.BatchTable;
import org.arrownpz.ipc.internal.message.DictionaryTable;
import org.arrownpz.ipc.internal.message.Metadata;
import org.arrownpz.ipc.internal.message.StreamMessages;
import org.arrownpz.ipc.internal.read.Body;
import org.jspecify.annotations.Nullable;

/** Batches of a stream that can be read once, such as a pipe's, in allocator memory. */
final class IpcReader extends CheckedReader {
    private final StreamMessages source;
    private StreamMessages.@Nullable Item pending;

    /** Takes over the source. */
    IpcReader(BufferAllocator allocator, StreamMessages source, Location location, boolean text) {
        super(allocator, true, text, source.schema(), location);
        this.source = source;
    }

    @Override
    IpcOptions.Format format() {
        return IpcOptions.Format.STREAM;
    }

    @Override
    Schema messageSchema() {
        return source.schema().arrow();
    }

    @Override
    public boolean loadNextBatch() throws NpzException {
        return attempt(() -> {
            getVectorSchemaRoot().setRowCount(0);
            while (true) {
                try (StreamMessages.Item item = next()) {
                    if (item == null) {
                        return false;
                    }
                    if (load(item)) {
                        return true;
                    }
                }
            }
        });
    }

    private boolean load(StreamMessages.Item item) throws IOException {
        Body body = Body.of(item.body(), 0, item.body().capacity(), false);
        switch (item.message().headerType()) {
            case MessageHeader.RecordBatch -> {
                BatchTable batch = BatchTable.of(item.message(), location(), item.offset());
                loadRows(
                        batch,
                        body,
                        source.schema().arrow().getFields(),
                        getVectorSchemaRoot().getFieldVectors(),
                        null,
                        null,
                        item.offset());
                return true;
            }
            case MessageHeader.DictionaryBatch -> {
                loadDictionary(DictionaryTable.of(item.message(), location(), item.offset()), body, item.offset());
                return false;
            }
            default -> throw Metadata.noBatch(item.message(), location(), item.offset());
        }
    }

    @Override
    boolean atEnd() throws NpzException {
        if (pending == null) {
            pending = source.next(allocator);
        }
        return pending == null;
    }

    private StreamMessages.@Nullable Item next() throws NpzException {
        StreamMessages.Item item = pending;
        pending = null;
        return item != null ? item : source.next(allocator);
    }

    @Override
    public long bytesRead() {
        return source.bytesRead();
    }

    @Override
    protected void closeReadSource() {
        if (pending != null) {
            pending.close();
            pending = null;
        }
        source.close();
    }
}
