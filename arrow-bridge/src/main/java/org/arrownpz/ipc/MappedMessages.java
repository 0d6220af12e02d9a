package org.arrownpz.ipc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;

/**
 * Where the messages of a file or stream lie, in a source that can be read anywhere. Metadata are read into heap memory,
 * bodies not at all.
 */
abstract class MappedMessages {
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
    record Block(long offset, long metadataLength, long bodyLength) {
        long bodyOffset() {
            return offset + metadataLength;
        }
    }

    abstract IpcFormat format();

    /** The schema in message form: dictionary-encoded fields have the type of their values. */
    abstract Schema schema();

    /** The ids that the schema's fields refer to. */
    abstract Set<Long> dictionaryIds();

    /** Metadata of the file as a whole, besides the schema's. */
    abstract Map<String, String> fileMetadata() throws NpzException;

    /** Whether there is a batch of that number. */
    abstract boolean has(int batch) throws NpzException;

    abstract int batchCount() throws NpzException;

    /** The block of a batch that exists. */
    abstract Block batch(int number) throws NpzException;

    /** How many of the dictionary messages come before a batch that exists. */
    abstract int dictionariesBefore(int batch) throws NpzException;

    /** What happens to a dictionary, as far as messages have been looked at. */
    DictionaryLog log(long id) {
        return logs.computeIfAbsent(id, unused -> new DictionaryLog());
    }

    /** The checked metadata of a message. */
    abstract Message message(Block block) throws NpzException;

    /** Key-value pairs of a message. */
    static Map<String, String> metadata(Message message, Location location, long offset) throws NpzException {
        return SchemaReader.pairs(
                message::customMetadataLength,
                message::customMetadata,
                message.getByteBuffer().limit(),
                location,
                offset);
    }

    /** Tells that nobody looks at the message any more that {@link #message} gave last. */
    void forgetMessage() {}

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
    long bytesRead() {
        return bytesRead;
    }
}
