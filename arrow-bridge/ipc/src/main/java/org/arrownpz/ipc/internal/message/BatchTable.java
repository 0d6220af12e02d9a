package org.arrownpz.ipc.internal.message;

import com.google.flatbuffers.Table;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/**
 * The {@code RecordBatch} table of a message (Arrow's Message.fbs). The generated class looks up the table's layout and
 * makes an object for every node and buffer, which 10,000 columns feel; here, both vectors are found and checked once.
 */
public final class BatchTable extends Table {
    /** Bytes of a field node and of a buffer: two longs. */
    private static final int PAIR = 16;

    /** The key under which messages of Arrow 0.17 name the codec of their buffers. */
    private static final String EARLY_CODEC = "ARROW:experimental_compression";

    private long rows;
    private int nodes;
    private int nodeCount;
    private int buffers;
    private int bufferCount;
    private int variadic;
    private int variadicCount;
    private boolean isCompressed;
    private byte codec;
    private byte method;
    private boolean isBeforeV5;

    /** The message's record batch. */
    public static BatchTable of(Message message, Location location, long offset) throws NpzException {
        BatchTable table = new BatchTable();
        try {
            if (message.header(table) == null) {
                throw Metadata.truncated(location, offset);
            }
            table.read(message, location, offset);
            return table;
        } catch (RuntimeException e) {
            throw Metadata.damaged(location, offset, e);
        }
    }

    /** The record batch at a position of a message. */
    static BatchTable at(int position, Message message, Location location, long offset) throws NpzException {
        BatchTable table = new BatchTable();
        table.__reset(position, message.getByteBuffer());
        table.read(message, location, offset);
        return table;
    }

    private void read(Message message, Location location, long offset) throws NpzException {
        int at = __offset(4);
        rows = at == 0 ? 0 : bb.getLong(bb_pos + at);
        at = __offset(6);
        nodeCount = at == 0 ? 0 : __vector_len(at);
        nodes = at == 0 ? 0 : vector(at, nodeCount, PAIR);
        at = __offset(8);
        bufferCount = at == 0 ? 0 : __vector_len(at);
        buffers = at == 0 ? 0 : vector(at, bufferCount, PAIR);
        at = __offset(10);
        isCompressed = at != 0;
        if (isCompressed) {
            BodyCompression compression = new BodyCompression().__assign(__indirect(bb_pos + at), bb);
            codec = compression.codec();
            method = compression.method();
        }
        at = __offset(12);
        variadicCount = at == 0 ? 0 : __vector_len(at);
        variadic = at == 0 ? 0 : vector(at, variadicCount, Long.BYTES);
        isBeforeV5 = message.version() < MetadataVersion.V5;
        if (isBeforeV5 && !isCompressed) {
            String name = MappedMessages.metadata(message, location, offset).get(EARLY_CODEC);
            isCompressed = name != null;
            codec = "lz4".equalsIgnoreCase(name)
                    ? CompressionType.LZ4_FRAME
                    : "zstd".equalsIgnoreCase(name) ? CompressionType.ZSTD : -1;
        }
    }

    private int vector(int at, int count, int width) {
        int start = __vector(at);
        if (count < 0 || start < 0 || start + (long) count * width > bb.limit()) {
            throw new IndexOutOfBoundsException("A vector leaves the metadata");
        }
        return start;
    }

    public long rows() {
        return rows;
    }

    public int nodeCount() {
        return nodeCount;
    }

    public int bufferCount() {
        return bufferCount;
    }

    public int variadicCount() {
        return variadicCount;
    }

    public boolean isCompressed() {
        return isCompressed;
    }

    /** A number of {@link CompressionType}, or one that it does not know. */
    public byte codec() {
        return codec;
    }

    public byte method() {
        return method;
    }

    /**
     * Whether the message is of metadata version 4, in which unions have a bitmap of their own. Not asked of the schema:
     * Arrow C++ writes footers of version 5 around such messages.
     */
    public boolean isBeforeV5() {
        return isBeforeV5;
    }

    public long nodeLength(int index) {
        return bb.getLong(nodes + index * PAIR);
    }

    public long nodeNulls(int index) {
        return bb.getLong(nodes + index * PAIR + Long.BYTES);
    }

    /** The start of a buffer in the body. */
    public long bufferStart(int index) {
        return bb.getLong(buffers + index * PAIR);
    }

    public long bufferLength(int index) {
        return bb.getLong(buffers + index * PAIR + Long.BYTES);
    }

    public long variadic(int index) {
        return bb.getLong(variadic + index * Long.BYTES);
    }
}
