package org.arrownpz.ipc.internal.message;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.flatbuf.Message;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;
import org.arrownpz.support.column.SchemaMember;

/**
 * The places of the messages of a file or stream, in a source that can be read anywhere. Metadata are read into heap memory,
 * bodies not at all.
 */
public abstract class MappedMessages {
    final ByteSource source;
    final Location location;
    private final Map<Long, DictionaryLog> logs = new HashMap<>();
    private long bytesRead;

    MappedMessages(ByteSource source, Location location) {
        this.source = source;
        this.location = location;
    }

    /**
     * A message.
     *
     * @param offset where its prefix starts
     * @param metadataLength of prefix and metadata
     */
    public record Block(long offset, long metadataLength, long bodyLength) {
        public long bodyOffset() {
            return offset + metadataLength;
        }
    }

    /** Whether the messages are those of a stream, not of a file with a footer. */
    public abstract boolean isStream();

    public abstract FileSchema schema();

    /** Metadata of the file as a whole, besides the schema's. */
    public abstract Map<String, String> fileMetadata() throws NpzException;

    /** Whether there is a batch of that number. */
    public abstract boolean has(int batch) throws NpzException;

    public abstract int batchCount() throws NpzException;

    /** The block of a batch that exists. */
    public abstract Block batch(int number) throws NpzException;

    /** The number of dictionary messages before a batch that exists. */
    public abstract int dictionariesBefore(int batch) throws NpzException;

    /** The fate of a dictionary, as far as messages have been looked at. */
    public DictionaryLog log(long id) {
        return logs.computeIfAbsent(id, unused -> new DictionaryLog());
    }

    /** The checked metadata of a message. */
    public abstract Message message(Block block) throws NpzException;

    /** Key-value pairs of a message. */
    public static Map<String, String> metadata(Message message, Location location, long offset) throws NpzException {
        return SchemaMember.pairs(
                message::customMetadataLength,
                message::customMetadata,
                message.getByteBuffer().limit(),
                location,
                offset);
    }

    ByteBuffer read(long offset, int length) throws NpzException {
        return read(offset, ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Fills what remains of a buffer. */
    ByteBuffer read(long offset, ByteBuffer buffer) throws NpzException {
        bytesRead += buffer.remaining();
        source.read(offset, buffer);
        return buffer.flip();
    }

    /** Bytes of metadata read so far. */
    public long bytesRead() {
        return bytesRead;
    }
}
