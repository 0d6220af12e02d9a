package org.arrownpz.ipc;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.BufferLayout;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.memory.Allocations;
import org.arrownpz.memory.Buffers;
import org.jspecify.annotations.Nullable;

/**
 * One record batch's buffers, cut from its body, decompressed and checked against the schema, so that loading them into
 * vectors and reading the vectors cannot leave them. Arrow's own loader believes lengths and offsets.
 */
final class BatchDecoder {
    private final RecordBatch batch;
    private final ArrowBuf body;
    private final BufferAllocator allocator;
    private final boolean text;
    private final Location location;
    private final long offset;
    private final @Nullable BufferDecompressor decompressor;
    private final List<ArrowFieldNode> nodes = new ArrayList<>();
    private final List<ArrowBuf> buffers = new ArrayList<>();
    private final List<Long> variadicCounts = new ArrayList<>();
    private int nextNode;
    private int nextBuffer;

    /**
     * @param text whether the UTF-8 of strings is checked
     * @param offset of the message in the file, for messages
     */
    BatchDecoder(
            RecordBatch batch, ArrowBuf body, BufferAllocator allocator, boolean text, Location location, long offset)
            throws NpzException {
        this.batch = batch;
        this.body = body;
        this.allocator = allocator;
        this.text = text;
        this.location = location;
        this.offset = offset;
        this.decompressor = batch.compression() == null
                ? null
                : BufferDecompressor.of(batch.compression(), allocator, location, offset);
    }

    /** The batch, which the caller closes; its buffers hold the body on their own. */
    ArrowRecordBatch decode(List<Field> fields) throws NpzException {
        boolean done = false;
        try {
            long rows = batch.length();
            if (rows < 0) {
                throw fault("a record batch has " + rows + " rows");
            }
            if (rows > Integer.MAX_VALUE - 8) {
                throw location.fault(ErrorCode.LIMIT, "a record batch of " + rows + " rows is too long for Arrow Java")
                        .at(offset)
                        .remedy("Write smaller batches")
                        .exception();
            }
            for (Field field : fields) {
                long length = decode(field);
                if (length != rows) {
                    throw fault("a column has " + length + " rows, its batch " + rows);
                }
            }
            if (nextNode != batch.nodesLength()
                    || nextBuffer != batch.buffersLength()
                    || variadicCounts.size() != batch.variadicBufferCountsLength()) {
                throw fault("a record batch holds more buffers than its schema");
            }
            ArrowRecordBatch result = new ArrowRecordBatch(
                    (int) rows,
                    nodes,
                    buffers,
                    NoCompressionCodec.DEFAULT_BODY_COMPRESSION,
                    variadicCounts,
                    true,
                    false);
            done = true;
            return result;
        } finally {
            if (!done) {
                buffers.forEach(ArrowBuf::close);
            }
        }
    }

    private long decode(Field field) throws NpzException {
        if (nextNode >= batch.nodesLength()) {
            throw fault("a record batch holds fewer columns than its schema");
        }
        FieldNode node = batch.nodes(nextNode++);
        long length = node.length();
        if (length < 0 || length > Integer.MAX_VALUE - 8) {
            throw fault("a column of " + length + " values");
        }
        int slot = nodes.size();
        nodes.add(new ArrowFieldNode(length, 0));
        ColumnBuffers own = new ColumnBuffers(field, (int) length, location, offset);
        long nulls = node.nullCount();
        for (BufferLayout layout : TypeLayout.getTypeLayout(field.getType()).getBufferLayouts()) {
            ArrowBuf buffer = next(own.minimum(layout), own.maximum(layout), own.offsetsFor(layout));
            if (layout.getType() == BufferLayout.BufferType.VALIDITY) {
                nulls = nulls(buffer, (int) length, nulls);
            }
            own.add(layout, buffer);
        }
        if (field.getType() instanceof ArrowType.Utf8View || field.getType() instanceof ArrowType.BinaryView) {
            variadic(own);
        }
        own.checkValues(text);
        for (Field child : field.getChildren()) {
            own.addChild(decode(child), buffers);
        }
        own.checkChildren();
        nodes.set(slot, new ArrowFieldNode(length, nulls));
        return length;
    }

    private void variadic(ColumnBuffers own) throws NpzException {
        int index = variadicCounts.size();
        if (index >= batch.variadicBufferCountsLength()) {
            throw fault("a view column lacks its number of buffers");
        }
        long count = batch.variadicBufferCounts(index);
        if (count < 0 || count > batch.buffersLength() - nextBuffer) {
            throw fault("a view column has " + count + " buffers");
        }
        variadicCounts.add(count);
        for (long i = 0; i < count; i++) {
            own.addVariadic(next(0, Long.MAX_VALUE, 0));
        }
    }

    /**
     * The null count that the bitmap really has: Arrow's loader would invent an all-valid or all-null bitmap from a
     * wrong one, and show other values than other readers.
     */
    private long nulls(ArrowBuf bitmap, int length, long stated) throws NpzException {
        if (length == 0) {
            return 0;
        }
        if (bitmap.capacity() > 0) {
            if (bitmap.capacity() < BitVectorHelper.getValidityBufferSize(length)) {
                throw fault("a validity bitmap is too short for " + length + " values");
            }
            return BitVectorHelper.getNullCount(bitmap, length);
        }
        if (stated != 0) {
            throw fault("a column has " + stated + " nulls but no validity bitmap");
        }
        return 0;
    }

    /**
     * The next buffer, owned by the batch, without padding: Arrow's vectors fail to grow when a buffer is longer than
     * its values need. An empty offset buffer of an empty column becomes one zero, since readers look for it.
     */
    private ArrowBuf next(long minimum, long maximum, int emptyOffsetBytes) throws NpzException {
        if (nextBuffer >= batch.buffersLength()) {
            throw fault("a record batch holds fewer buffers than its schema");
        }
        Buffer place = batch.buffers(nextBuffer++);
        long start = place.offset();
        long length = place.length();
        if (start < 0 || length < 0 || start > body.capacity() || length > body.capacity() - start) {
            throw fault("a buffer lies outside of its record batch");
        }
        ArrowBuf buffer = Buffers.slice(body, start, length);
        if (decompressor != null && length > 0) {
            try (ArrowBuf compressed = buffer) {
                buffer = decompressor.decompress(compressed);
            }
        }
        if (buffer.capacity() < emptyOffsetBytes) {
            buffer.close();
            buffer = Allocations.allocate(allocator, emptyOffsetBytes, location, "offsets");
            buffer.setZero(0, emptyOffsetBytes);
            buffer.writerIndex(emptyOffsetBytes);
        }
        if (buffer.capacity() > maximum) {
            try (ArrowBuf padded = buffer) {
                buffer = Buffers.slice(padded, 0, maximum);
            }
        }
        buffers.add(buffer);
        if (buffer.capacity() < minimum) {
            throw fault("a buffer of " + buffer.capacity() + " bytes holds fewer than the " + minimum + " it must");
        }
        return buffer;
    }

    private NpzException fault(String problem) {
        return location.fault(ErrorCode.META_SCHEMA, problem).at(offset).exception();
    }
}
