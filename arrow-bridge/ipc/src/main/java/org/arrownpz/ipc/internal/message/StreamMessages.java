package org.arrownpz.ipc.internal.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ipc.internal.IpcFaults;
import org.arrownpz.support.Faults;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.SafeMemory;
import org.jspecify.annotations.Nullable;

/** The messages of an IPC stream, one after the other. */
public final class StreamMessages implements AutoCloseable {
    /** Metadata of a message that is longer is refused; 10,000 columns with metadata need about 4 MiB. */
    static final int MAX_METADATA = 256 << 20;

    /**
     * One message.
     *
     * @param message its metadata
     * @param body its body, owned by the item
     * @param offset where the message starts in the stream, for messages
     */
    public record Item(Message message, ArrowBuf body, long offset) implements AutoCloseable {
        @Override
        public void close() {
            body.close();
        }
    }

    private final ReadableByteChannel channel;
    private final Location location;
    private final long size;
    private final FileSchema schema;
    private long position;
    private boolean ended;

    /**
     * Takes over the channel when it returns normally.
     *
     * @param size the bytes that the channel holds, or {@link Long#MAX_VALUE} where that is not known
     */
    public StreamMessages(ReadableByteChannel channel, long size, Location location) throws NpzException {
        this.channel = channel;
        this.size = size;
        this.location = location;
        this.schema = SchemaMessage.read(metadata(), location).schema();
    }

    public FileSchema schema() {
        return schema;
    }

    /** The next dictionary or record batch, which the caller closes, or null at the end. */
    @Nullable
    public Item next(BufferAllocator allocator) throws NpzException {
        long offset = position;
        Message message = ended ? null : metadata();
        if (message == null) {
            ended = true;
            return null;
        }
        return new Item(message, body(message.bodyLength(), allocator, offset), offset);
    }

    private @Nullable Message metadata() throws NpzException {
        long offset = position;
        try {
            ByteBuffer prefix = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            int length = prefix(prefix, true);
            if (length == Metadata.CONTINUATION) {
                length = prefix(prefix.clear(), false);
            }
            if (length == 0) {
                return null;
            }
            if (length < 0 || length > MAX_METADATA || length > size - position) {
                throw location.error(ErrorCode.META_SCHEMA, "this is no Arrow stream, or a message is damaged")
                        .at(offset)
                        .expected("metadata of 1 to " + Math.min(MAX_METADATA, size - position) + " bytes")
                        .found(length)
                        .build();
            }
            ByteBuffer bytes = ChannelReads.bytes(channel, length);
            if (bytes.remaining() != length) {
                throw Metadata.truncated(location, offset);
            }
            position += length;
            return Metadata.message(bytes, location, offset);
        } catch (IOException e) {
            throw IpcFaults.reading(location, e);
        }
    }

    /** The next length; 0 where the stream ends, with or without its end marker. */
    private int prefix(ByteBuffer buffer, boolean mayEnd) throws IOException {
        int read = ChannelReads.fill(channel, buffer);
        position += read;
        if (read == 0 && mayEnd) {
            return 0;
        }
        if (read < 4) {
            throw Metadata.truncated(location, position);
        }
        return buffer.getInt(0);
    }

    private ArrowBuf body(long length, BufferAllocator allocator, long offset) throws NpzException {
        if (length > size - position) {
            throw Metadata.truncated(location, offset);
        }
        ArrowBuf body = SafeMemory.allocate(allocator, length, location, "a record batch");
        try (Rollback undo = Rollback.of(body)) {
            if (ChannelReads.fill(channel, body) != length) {
                throw Metadata.truncated(location, offset);
            }
            position += length;
            return undo.commit(body);
        } catch (IOException e) {
            throw IpcFaults.reading(location, e);
        }
    }

    /** Bytes read so far. */
    public long bytesRead() {
        return position;
    }

    @Override
    public void close() {
        Faults.closeQuietly(channel);
    }
}
