package org.arrownpz.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.io.ByteSink;
import org.arrownpz.ipc.internal.message.MappedFileMessages;
import org.arrownpz.ipc.internal.message.MappedMessages;
import org.arrownpz.ipc.internal.message.Metadata;
import org.arrownpz.ipc.internal.write.BatchParts;
import org.arrownpz.ipc.internal.write.CompressedParts;
import org.arrownpz.ipc.internal.write.DictionaryOutput;
import org.arrownpz.ipc.internal.write.IpcSink;
import org.arrownpz.ipc.internal.write.MessageBuilder;
import org.arrownpz.support.Meter;
import org.arrownpz.support.SafeMemory;
import org.arrownpz.support.column.SchemaMember;
import org.arrownpz.support.column.VectorRows;
import org.jspecify.annotations.Nullable;

/**
 * Writes one IPC file or stream to a channel that stays open. Every body and every buffer begins at a multiple of 64
 * bytes of the file. Used once.
 */
final class IpcWriter {
    /** The alignment that Arrow recommends for bodies, and a cache line. */
    private static final int ALIGNMENT = 64;

    private static final int PREFIX = 8;

    private final IpcOptions.Format format;
    private final IpcOptions options;
    private final Location location;
    private final IpcSink sink;
    /** Whether there is one batch, so that it is known how much there is to do. */
    private boolean whole;

    private final List<MappedMessages.Block> dictionaryBlocks = new ArrayList<>();
    private final List<MappedMessages.Block> batchBlocks = new ArrayList<>();

    IpcWriter(WritableByteChannel channel, IpcOptions.Format format, IpcOptions options, Location location) {
        this.format = format;
        this.options = options;
        this.location = location;
        this.sink = new IpcSink(channel, location);
    }

    void write(VectorSchemaRoot root, DictionaryProvider provider) throws NpzException {
        whole = true;
        Schema schema = start(root, provider);
        try (DictionaryOutput dictionaries = dictionaries(root, provider)) {
            writeBatch(root, dictionaries, true);
        }
        end(schema);
    }

    void write(ArrowReader reader) throws IOException {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        Schema schema = start(root, reader);
        try (DictionaryOutput dictionaries = dictionaries(root, reader)) {
            while (reader.loadNextBatch()) {
                writeBatch(root, dictionaries, false);
            }
        }
        end(schema);
    }

    private DictionaryOutput dictionaries(VectorSchemaRoot root, DictionaryProvider provider) {
        return new DictionaryOutput(
                root.getSchema().getFields(), provider, format == IpcOptions.Format.STREAM, location);
    }

    /** Begins the file; gives the schema in message form. */
    private Schema start(VectorSchemaRoot root, DictionaryProvider provider) throws NpzException {
        List<Field> fields = new ArrayList<>(root.getFieldVectors().size());
        for (Field field : root.getSchema().getFields()) {
            fields.add(SchemaMember.messageField(field, provider));
        }
        Schema schema = new Schema(fields, root.getSchema().getCustomMetadata());
        if (format == IpcOptions.Format.FILE) {
            sink.write(ByteBuffer.wrap(MappedFileMessages.MAGIC));
            sink.pad(PREFIX);
        }
        writeMetadata(
                MessageBuilder.schema(schema, format == IpcOptions.Format.STREAM ? options.metadata() : Map.of()));
        return schema;
    }

    private void writeBatch(VectorSchemaRoot root, DictionaryOutput dictionaries, boolean last) throws NpzException {
        dictionaries.write(
                (id, values, delta) -> {
                    BatchParts parts = new BatchParts();
                    parts.add(values);
                    dictionaryBlocks.add(write(
                            parts,
                            values.getValueCount(),
                            values.getAllocator(),
                            (layout, codec) -> MessageBuilder.dictionary(id, delta, parts, layout, codec)));
                },
                last);
        List<FieldVector> exact = new ArrayList<>();
        try {
            writeRows(root, exact);
        } finally {
            exact.forEach(FieldVector::close);
        }
    }

    /** @param exact receives what the caller closes: vectors that tell the schema's fields where the root's do not */
    private void writeRows(VectorSchemaRoot root, List<FieldVector> exact) throws NpzException {
        BatchParts parts = new BatchParts();
        BufferAllocator allocator = null;
        for (int i = 0; i < root.getFieldVectors().size(); i++) {
            FieldVector vector = root.getVector(i);
            if (vector.getValueCount() != root.getRowCount()) {
                throw new IllegalArgumentException("Column " + vector.getName() + " has " + vector.getValueCount()
                        + " rows, its root " + root.getRowCount());
            }
            FieldVector own =
                    VectorRows.exact(vector, root.getSchema().getFields().get(i), vector.getAllocator());
            if (own != null) {
                exact.add(own);
            }
            parts.add(own == null ? vector : own);
            // Columns of type Null have none.
            allocator = allocator == null ? vector.getAllocator() : allocator;
        }
        // Bitmaps and offsets were read, from memory that may be a mapped file.
        SafeMemory.deliverFaults();
        batchBlocks.add(write(
                parts, root.getRowCount(), allocator, (layout, codec) -> MessageBuilder.batch(parts, layout, codec)));
    }

    private interface Header {
        ByteBuffer of(MessageBuilder.Layout layout, CodecType codec);
    }

    /** @param allocator where compressed buffers lie for a moment; null where no column has any buffer */
    private MappedMessages.Block write(
            BatchParts parts, long rows, @Nullable BufferAllocator allocator, Header metadata) throws NpzException {
        CodecType codec = options.compression().codec();
        int count = parts.bufferCount();
        if (codec == CodecType.NO_COMPRESSION || allocator == null) {
            MessageBuilder.Layout layout = layout(rows, count, parts::length);
            return writeBody(metadata.of(layout, CodecType.NO_COMPRESSION), layout, parts::write);
        }
        long bytes = IntStream.range(0, count).mapToLong(parts::length).sum();
        Meter meter = whole ? Meter.begin(bytes, bytes) : Meter.NONE;
        try (CompressedParts compressed = CompressedParts.of(parts, codec, allocator, meter, location)) {
            MessageBuilder.Layout layout = layout(rows, count, compressed::length);
            return writeBody(metadata.of(layout, codec), layout, compressed::write);
        }
    }

    private interface Buffers {
        void write(int buffer, ByteSink sink) throws NpzException;
    }

    private MappedMessages.Block writeBody(ByteBuffer metadata, MessageBuilder.Layout layout, Buffers buffers)
            throws NpzException {
        MappedMessages.Block block = writeMetadata(metadata, layout.bodyLength());
        for (int i = 0; i < layout.places().length / 2; i++) {
            buffers.write(i, sink);
            sink.pad(ALIGNMENT);
        }
        return block;
    }

    private static MessageBuilder.Layout layout(long rows, int count, IntToLongFunction lengths) {
        long[] places = new long[count * 2];
        long position = 0;
        for (int i = 0; i < count; i++) {
            places[i * 2] = position;
            places[i * 2 + 1] = lengths.applyAsLong(i);
            position = Math.addExact(position, padded(places[i * 2 + 1]));
        }
        return new MessageBuilder.Layout(rows, places, position);
    }

    private static long padded(long length) {
        return Math.addExact(length, ALIGNMENT - 1) & -ALIGNMENT;
    }

    private void writeMetadata(ByteBuffer bytes) throws NpzException {
        writeMetadata(bytes, 0);
    }

    /** Writes prefix and metadata, padded so that the body begins at a multiple of 64. */
    private MappedMessages.Block writeMetadata(ByteBuffer bytes, long bodyLength) throws NpzException {
        long offset = sink.position();
        long length = padded(offset + PREFIX + bytes.remaining()) - offset;
        ByteBuffer prefix = ByteBuffer.allocate(PREFIX).order(ByteOrder.LITTLE_ENDIAN);
        prefix.putInt(Metadata.CONTINUATION).putInt(Math.toIntExact(length - PREFIX));
        sink.write(prefix.flip());
        sink.write(bytes);
        sink.pad(ALIGNMENT);
        return new MappedMessages.Block(offset, length, bodyLength);
    }

    private void end(Schema schema) throws NpzException {
        ByteBuffer marker = ByteBuffer.allocate(PREFIX).order(ByteOrder.LITTLE_ENDIAN);
        sink.write(marker.putInt(Metadata.CONTINUATION).putInt(0).flip());
        if (format == IpcOptions.Format.FILE) {
            ByteBuffer footer = MessageBuilder.footer(schema, dictionaryBlocks, batchBlocks, options.metadata());
            int length = footer.remaining();
            sink.write(footer);
            ByteBuffer tail = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            sink.write(tail.putInt(length).flip());
            sink.write(ByteBuffer.wrap(MappedFileMessages.MAGIC));
        }
        sink.flush();
    }
}
