package org.arrownpz.ipc.internal.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;
import org.arrownpz.support.column.SchemaMember;
import org.jspecify.annotations.Nullable;

/** The messages of an IPC file, found through its footer. */
public final class MappedFileMessages extends MappedMessages {
    public static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

    /** Magic and padding at the start; footer length and magic at the end. */
    private static final int HEAD = 8;

    private static final int TAIL = 4 + MAGIC.length;

    /** The most bytes that a message's length takes. */
    private static final int PREFIX = 8;

    /** Bytes of a block in the footer. */
    private static final int BLOCK = 24;

    private final long[] blocks;
    private final @Nullable Footer described;

    private final long footerOffset;
    private final FileSchema schema;
    private final int dictionaryCount;
    private final int batchCount;
    private boolean indexed;

    public MappedFileMessages(ByteSource source, Location location) throws NpzException {
        super(source, location);
        long size = source.size();
        if (size < HEAD + TAIL) {
            throw Metadata.truncated(location, size);
        }
        ByteBuffer tail = read(size - TAIL, TAIL);
        int length = tail.getInt();
        for (byte expected : MAGIC) {
            if (tail.get() != expected) {
                throw location.error(ErrorCode.DATA_TRUNCATED, "the file does not end with Arrow's magic bytes")
                        .at(size - MAGIC.length)
                        .remedy("It was cut short, or its writer was not closed")
                        .build();
            }
        }
        if (length <= 0 || length > size - HEAD - TAIL) {
            throw location.error(ErrorCode.META_SCHEMA, "the footer does not fit the file")
                    .at(size - TAIL)
                    .found(length)
                    .build();
        }
        this.footerOffset = size - TAIL - length;
        ByteBuffer bytes = read(footerOffset, length);
        Footer footer;
        try {
            // Read-only, so that texts are decoded within the limit.
            footer = Footer.getRootAsFooter(bytes.asReadOnlyBuffer());
            org.apache.arrow.flatbuf.Schema flat = footer.schema();
            if (flat == null) {
                throw location.error(ErrorCode.META_SCHEMA, "the footer has no schema")
                        .at(footerOffset)
                        .build();
            }
            short version = footer.version() == MetadataVersion.V1 ? firstVersion() : footer.version();
            this.schema = FileSchema.of(flat, version, location);
            this.dictionaryCount = footer.dictionariesLength();
            this.batchCount = footer.recordBatchesLength();
        } catch (RuntimeException e) {
            throw Metadata.damaged(location, footerOffset, e);
        }
        // A vector that is longer than the footer never was one.
        if (dictionaryCount < 0 || batchCount < 0 || ((long) dictionaryCount + batchCount) * BLOCK > length) {
            throw location.error(ErrorCode.META_SCHEMA, "the footer has more blocks than bytes")
                    .at(footerOffset)
                    .build();
        }
        try {
            this.blocks = blocks(footer);
            // What is left to be looked at when somebody asks is kept with the footer.
            this.described = footer.customMetadataLength() == 0 ? null : footer;
        } catch (RuntimeException e) {
            throw Metadata.damaged(location, footerOffset, e);
        }
    }

    /** Of the schema message: footers of Arrow 0.14 and before state no version, which reads as V1. */
    private short firstVersion() throws NpzException {
        long most = Math.min(footerOffset - HEAD, Integer.MAX_VALUE) - PREFIX;
        ByteBuffer prefix = read(HEAD, PREFIX);
        int length = prefix.getInt();
        if (length == Metadata.CONTINUATION) {
            length = prefix.getInt();
        }
        return length <= 0 || length > most
                ? MetadataVersion.V1
                : Metadata.prefixed(read(HEAD, PREFIX + length).asReadOnlyBuffer(), location, HEAD)
                        .version();
    }

    /** Offset, metadata length and body length of dictionaries, then of batches. */
    private long[] blocks(Footer footer) {
        long[] numbers = new long[(dictionaryCount + batchCount) * 3];
        org.apache.arrow.flatbuf.Block block = new org.apache.arrow.flatbuf.Block();
        for (int i = 0; i < dictionaryCount + batchCount; i++) {
            if (i < dictionaryCount) {
                footer.dictionaries(block, i);
            } else {
                footer.recordBatches(block, i - dictionaryCount);
            }
            numbers[i * 3] = block.offset();
            numbers[i * 3 + 1] = block.metaDataLength();
            numbers[i * 3 + 2] = block.bodyLength();
        }
        return numbers;
    }

    @Override
    public boolean isStream() {
        return false;
    }

    @Override
    public FileSchema schema() {
        return schema;
    }

    @Override
    public Map<String, String> fileMetadata() throws NpzException {
        if (described == null) {
            return Map.of();
        }
        return SchemaMember.pairs(
                described::customMetadataLength,
                described::customMetadata,
                described.getByteBuffer().limit(),
                location,
                footerOffset);
    }

    @Override
    public boolean has(int batch) {
        return batch < batchCount;
    }

    @Override
    public int batchCount() {
        return batchCount;
    }

    @Override
    public Block batch(int number) throws NpzException {
        return checked(dictionaryCount + number);
    }

    /** All of them: a file's batches can be read in any order, so each may use every dictionary. */
    @Override
    public int dictionariesBefore(int batch) throws NpzException {
        if (!indexed) {
            for (int i = 0; i < dictionaryCount; i++) {
                index(i);
            }
            indexed = true;
        }
        return dictionaryCount;
    }

    private void index(int number) throws NpzException {
        Block block = checked(number);
        Message message = message(block);
        if (message.headerType() != MessageHeader.DictionaryBatch) {
            throw location.error(ErrorCode.META_SCHEMA, "the footer takes another message for a dictionary")
                    .at(block.offset())
                    .build();
        }
        DictionaryTable table = DictionaryTable.of(message, location, block.offset());
        DictionaryLog log = log(table.id());
        if (!table.isDelta() && !log.isEmpty()) {
            throw location.error(ErrorCode.META_SCHEMA, "a dictionary is replaced, which files do not allow")
                    .at(block.offset())
                    .found("dictionary " + table.id())
                    .remedy("Write it as a stream")
                    .build();
        }
        log.add(number, block, table.isDelta());
    }

    private Block checked(int number) throws NpzException {
        long offset = blocks[number * 3];
        long metadataLength = blocks[number * 3 + 1];
        long bodyLength = blocks[number * 3 + 2];
        if (offset < HEAD
                || metadataLength < HEAD
                || bodyLength < 0
                || offset > footerOffset
                || metadataLength > footerOffset - offset
                || bodyLength > footerOffset - offset - metadataLength) {
            throw location.error(ErrorCode.META_SCHEMA, "a block of the footer lies outside of the file")
                    .at(footerOffset)
                    .expected("bytes 8 to " + footerOffset)
                    .found("offset " + offset + ", lengths " + metadataLength + " and " + bodyLength)
                    .build();
        }
        return new Block(offset, metadataLength, bodyLength);
    }

    @Override
    public Message message(Block block) throws NpzException {
        ByteBuffer bytes = read(block.offset(), (int) block.metadataLength());
        Message message = Metadata.prefixed(bytes.asReadOnlyBuffer(), location, block.offset());
        if (message.bodyLength() > block.bodyLength()) {
            throw location.error(ErrorCode.META_SCHEMA, "footer and message disagree on the body's length")
                    .at(block.offset())
                    .expected(block.bodyLength())
                    .found(message.bodyLength())
                    .build();
        }
        return message;
    }
}
