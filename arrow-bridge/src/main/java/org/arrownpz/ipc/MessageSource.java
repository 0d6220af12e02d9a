package org.arrownpz.ipc;

import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/** The messages of an IPC file or stream, in the order in which they have to be loaded. Used by one thread. */
interface MessageSource extends AutoCloseable {
    /** The schema in message form (dictionary-encoded fields have the type of their values). */
    Schema schema() throws NpzException;

    /** The next dictionary or record batch, which the caller closes, or null at the end. */
    @Nullable
    Item next(BufferAllocator allocator) throws NpzException;

    /** Bytes read so far. */
    long bytesRead();

    @Override
    void close();

    /**
     * One message.
     *
     * @param message its metadata
     * @param body its body, owned by the item
     * @param offset where the message starts in the file, for messages
     */
    record Item(Message message, ArrowBuf body, long offset) implements AutoCloseable {
        @Override
        public void close() {
            body.close();
        }
    }
}
