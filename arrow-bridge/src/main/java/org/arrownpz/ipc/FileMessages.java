package org.arrownpz.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.memory.Allocations;
import org.jspecify.annotations.Nullable;

/** The messages of an IPC file, found through its footer: all dictionaries first, then the record batches. */
final class FileMessages implements MessageSource {
    static final byte[] MAGIC = {'A', 'R', 'R', 'O', 'W', '1'};

    /** Magic and padding at the start; footer length and magic at the end. */
    private static final int HEAD = 8;

    private static final int TAIL = 4 + MAGIC.length;

    private final SeekableByteChannel channel;
    private final Location location;
    private final Footer footer;
    private final long footerOffset;
    private final Schema schema;
    private int next;
    private long bytesRead;

    /** Takes over the channel when it returns normally. */
    FileMessages(SeekableByteChannel channel, Location location) throws NpzException {
        this.channel = channel;
        this.location = location;
        try {
            long size = channel.size();
            if (size < HEAD + TAIL) {
                throw Metadata.truncated(location, size);
            }
            ByteBuffer tail = read(size - TAIL, TAIL);
            int length = tail.getInt();
            for (byte expected : MAGIC) {
                if (tail.get() != expected) {
                    throw location.fault(ErrorCode.DATA_TRUNCATED, "the file does not end with Arrow's magic bytes")
                            .at(size - MAGIC.length)
                            .remedy("It was cut short, or its writer was not closed")
                            .exception();
                }
            }
            if (length <= 0 || length > size - HEAD - TAIL) {
                throw location.fault(ErrorCode.META_SCHEMA, "the footer does not fit the file")
                        .at(size - TAIL)
                        .found(length)
                        .exception();
            }
            this.footerOffset = size - TAIL - length;
            this.footer = Footer.getRootAsFooter(read(footerOffset, length));
            org.apache.arrow.flatbuf.Schema flat = footer.schema();
            if (flat == null) {
                throw location.fault(ErrorCode.META_SCHEMA, "the footer has no schema")
                        .exception();
            }
            this.schema = Metadata.schema(flat, footer.version(), location);
        } catch (IOException | RuntimeException e) {
            throw IpcFaults.reading(location, e);
        }
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public @Nullable Item next(BufferAllocator allocator) throws NpzException {
        Block block;
        try {
            int dictionaries = footer.dictionariesLength();
            if (next < dictionaries) {
                block = footer.dictionaries(next);
            } else if (next - dictionaries < footer.recordBatchesLength()) {
                block = footer.recordBatches(next - dictionaries);
            } else {
                return null;
            }
            next++;
        } catch (RuntimeException e) {
            throw Metadata.damaged(location, footerOffset, e);
        }
        return read(block, allocator);
    }

    private Item read(Block block, BufferAllocator allocator) throws NpzException {
        long offset;
        int metadataLength;
        long bodyLength;
        try {
            offset = block.offset();
            metadataLength = block.metaDataLength();
            bodyLength = block.bodyLength();
        } catch (RuntimeException e) {
            throw Metadata.damaged(location, footerOffset, e);
        }
        if (offset < HEAD
                || metadataLength < HEAD
                || bodyLength < 0
                || offset > footerOffset
                || metadataLength > footerOffset - offset
                || bodyLength > footerOffset - offset - metadataLength) {
            throw location.fault(ErrorCode.META_SCHEMA, "a block of the footer lies outside of the file")
                    .at(footerOffset)
                    .expected("bytes 8 to " + footerOffset)
                    .found("offset " + offset + ", lengths " + metadataLength + " and " + bodyLength)
                    .exception();
        }
        ArrowBuf body = null;
        try {
            Message message = Metadata.prefixed(read(offset, metadataLength), location, offset);
            if (message.bodyLength() > bodyLength) {
                throw location.fault(ErrorCode.META_SCHEMA, "footer and message disagree on the body's length")
                        .at(offset)
                        .expected(bodyLength)
                        .found(message.bodyLength())
                        .exception();
            }
            body = Allocations.allocate(allocator, bodyLength, location, "a record batch");
            channel.position(offset + metadataLength);
            bytesRead += bodyLength;
            if (ChannelReads.fill(channel, body) != bodyLength) {
                throw Metadata.truncated(location, offset);
            }
            Item item = new Item(message, body, offset);
            body = null;
            return item;
        } catch (IOException e) {
            throw IpcFaults.reading(location, e);
        } finally {
            if (body != null) {
                body.close();
            }
        }
    }

    private ByteBuffer read(long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        channel.position(offset);
        if (ChannelReads.fill(channel, buffer) != length) {
            throw Metadata.truncated(location, offset);
        }
        bytesRead += length;
        return buffer.flip();
    }

    @Override
    public long bytesRead() {
        return bytesRead;
    }

    @Override
    public void close() {
        ChannelReads.closeQuietly(channel);
    }
}
