package org.arrownpz.ipc.internal.message;

import com.google.flatbuffers.Table;
import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.Message;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * The {@code RecordBatch} table of a message (Arrow's Message.fbs). The generated class looks up the table's layout and
 * makes an object for every node and buffer, which 10,000 columns feel; here, both vectors are found and checked once.
 */
public final class BatchTable extends Table {
    /** Bytes of a field node and of a buffer: two longs. */
    private static final int PAIR = 16;

    private long rows;
    private int nodes;
    private int nodeCount;
    private int buffers;
    private int bufferCount;
    private int variadic;
    private int variadicCount;
    private @Nullable BodyCompression compression;

    /** The message's record batch. */
    public static BatchTable of(Message message, Location location, long offset) throws NpzException {
        BatchTable table = new BatchTable();
        try {
            if (message.header(table) == null) {
                throw Metadata.truncated(location, offset);
            }
            table.read();
            return table;
        } catch (RuntimeException e) {
            throw Metadata.damaged(location, offset, e);
        }
    }

    /** The record batch at a position of a buffer. */
    static BatchTable at(int position, ByteBuffer bytes) {
        BatchTable table = new BatchTable();
        table.__reset(position, bytes);
        table.read();
        return table;
    }

    private void read() {
        int at = __offset(4);
        rows = at == 0 ? 0 : bb.getLong(bb_pos + at);
        at = __offset(6);
        nodeCount = at == 0 ? 0 : __vector_len(at);
        nodes = at == 0 ? 0 : vector(at, nodeCount, PAIR);
        at = __offset(8);
        bufferCount = at == 0 ? 0 : __vector_len(at);
        buffers = at == 0 ? 0 : vector(at, bufferCount, PAIR);
        at = __offset(10);
        compression = at == 0 ? null : new BodyCompression().__assign(__indirect(bb_pos + at), bb);
        at = __offset(12);
        variadicCount = at == 0 ? 0 : __vector_len(at);
        variadic = at == 0 ? 0 : vector(at, variadicCount, Long.BYTES);
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

    @Nullable
    public BodyCompression compression() {
        return compression;
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
