package org.arrownpz.ipc.internal.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSource;
import org.jspecify.annotations.Nullable;

/** The messages of a stream that lies in a file, found by going from one to the next as far as is needed. */
public final class MappedStreamMessages extends MappedMessages {
    private final FileSchema schema;
    private final List<Block> batches = new ArrayList<>();
    private final List<Integer> dictionariesBefore = new ArrayList<>();
    private final Map<String, String> metadata;
    private int dictionaryCount;
    private long position;
    private boolean ended;
    private @Nullable Block latest;
    private @Nullable Message latestMessage;

    public MappedStreamMessages(ByteSource source, Location location) throws NpzException {
        super(source, location);
        Block block = next();
        SchemaMessage first = SchemaMessage.read(block == null ? null : message(block), location);
        this.schema = first.schema();
        this.metadata = first.metadata();
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    public FileSchema schema() {
        return schema;
    }

    @Override
    public Map<String, String> fileMetadata() {
        return metadata;
    }

    @Override
    public boolean has(int batch) throws NpzException {
        while (batches.size() <= batch && !ended) {
            scan();
        }
        return batch < batches.size();
    }

    @Override
    public int batchCount() throws NpzException {
        while (!ended) {
            scan();
        }
        return batches.size();
    }

    @Override
    public Block batch(int number) {
        return batches.get(number);
    }

    @Override
    public int dictionariesBefore(int batch) {
        return dictionariesBefore.get(batch);
    }

    private void scan() throws NpzException {
        Block block = next();
        if (block == null) {
            ended = true;
            return;
        }
        Message message = message(block);
        switch (message.headerType()) {
            case MessageHeader.RecordBatch -> {
                batches.add(block);
                dictionariesBefore.add(dictionaryCount);
            }
            case MessageHeader.DictionaryBatch -> {
                DictionaryTable table = DictionaryTable.of(message, location, block.offset());
                log(table.id()).add(dictionaryCount++, block, table.isDelta());
            }
            default -> throw Metadata.noBatch(message, location, block.offset());
        }
    }

    /** The message at the position, which moves behind it; null where the stream ends. */
    private @Nullable Block next() throws NpzException {
        long offset = position;
        long left = source.size() - offset;
        if (left == 0) {
            return null;
        }
        if (left < 4) {
            throw Metadata.truncated(location, offset);
        }
        ByteBuffer prefix = read(offset, (int) Math.min(8, left));
        int length = prefix.getInt();
        if (length == Metadata.CONTINUATION) {
            if (left < 8) {
                throw Metadata.truncated(location, offset);
            }
            length = prefix.getInt();
        }
        if (length == 0) {
            return null;
        }
        int head = prefix.position();
        if (length < 0 || length > StreamMessages.MAX_METADATA || length > left - head) {
            throw location.error(ErrorCode.META_SCHEMA, "this is no Arrow stream, or a message is damaged")
                    .at(offset)
                    .expected("metadata of 1 to " + Math.min(StreamMessages.MAX_METADATA, left - head) + " bytes")
                    .found(length)
                    .build();
        }
        Message message = Metadata.message(read(offset + head, length), location, offset);
        long body = message.bodyLength();
        if (body > left - head - length) {
            throw Metadata.truncated(location, offset);
        }
        Block block = new Block(offset, head + length, body);
        position = offset + block.metadataLength() + body;
        latest = block;
        latestMessage = message;
        return block;
    }

    @Override
    public Message message(Block block) throws NpzException {
        if (block == latest && latestMessage != null) {
            return latestMessage;
        }
        return Metadata.prefixed(read(block.offset(), (int) block.metadataLength()), location, block.offset());
    }
}
