package org.arrownpz.ipc;

import com.github.luben.zstd.Zstd;
import com.google.flatbuffers.FlatBufferBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowBodyCompression;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowMessage;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.MetadataVersion;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.internal.memory.Storage;

/**
 * Writes plain streams again as others would have written them: on a big-endian machine, before Arrow 1.0, compressed.
 * Shares no code with what reads them.
 *
 * @param unionBitmaps whether it is metadata of V4, in which unions have a bitmap, and run ends by Arrow C++
 * @param nullUnions whether the first value of each union is null by that bitmap
 */
public record IpcRewriter(boolean bigEndian, boolean compressed, boolean unionBitmaps, boolean nullUnions) {
    public static IpcRewriter otherOrder() {
        return new IpcRewriter(true, false, false, false);
    }

    public byte[] rewrite(byte[] stream, BufferAllocator allocator) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        IpcOption option = new IpcOption(false, unionBitmaps ? MetadataVersion.V4 : MetadataVersion.V5);
        try (ReadChannel in = new ReadChannel(Channels.newChannel(new ByteArrayInputStream(stream)));
                WriteChannel out = new WriteChannel(Channels.newChannel(bytes))) {
            Schema schema = MessageSerializer.deserializeSchema(in);
            write(schema, out, option);
            Map<Long, Field> dictionaries = new HashMap<>();
            schema.getFields().forEach(field -> remember(field, dictionaries));
            while (true) {
                try (ArrowMessage message = MessageSerializer.deserializeMessageBatch(in, allocator)) {
                    if (message == null) {
                        break;
                    } else if (message instanceof ArrowDictionaryBatch dictionary) {
                        Field values = dictionaries.get(dictionary.getDictionaryId());
                        ArrowRecordBatch batch = new Batch(dictionary.getDictionary(), allocator).of(values);
                        try (ArrowDictionaryBatch other =
                                new ArrowDictionaryBatch(dictionary.getDictionaryId(), batch, dictionary.isDelta())) {
                            write(other, MessageHeader.DictionaryBatch, batch, out, option);
                        }
                    } else {
                        Field[] fields = schema.getFields().toArray(new Field[0]);
                        try (ArrowRecordBatch batch = new Batch((ArrowRecordBatch) message, allocator).of(fields)) {
                            write(batch, MessageHeader.RecordBatch, batch, out, option);
                        }
                    }
                }
            }
            out.writeIntLittleEndian(-1);
            out.writeIntLittleEndian(0);
        }
        return bytes.toByteArray();
    }

    private void write(Schema schema, WriteChannel out, IpcOption option) throws IOException {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int[] fields = schema.getFields().stream()
                .mapToInt(field -> field.getField(builder))
                .toArray();
        int vector = org.apache.arrow.flatbuf.Schema.createFieldsVector(builder, fields);
        short order = bigEndian ? Endianness.Big : Endianness.Little;
        int flat = org.apache.arrow.flatbuf.Schema.createSchema(builder, order, vector, 0, 0);
        ByteBuffer message = MessageSerializer.serializeMessage(builder, MessageHeader.Schema, flat, 0, option);
        MessageSerializer.writeMessageBuffer(out, message.remaining(), message, option);
    }

    /** A message; Arrow 0.17, of metadata V4, said in its pairs how buffers are compressed. */
    private void write(ArrowMessage message, byte type, ArrowRecordBatch body, WriteChannel out, IpcOption option)
            throws IOException {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int header = message.writeTo(builder);
        int pairs = 0;
        if (compressed && unionBitmaps) {
            int key = builder.createString("ARROW:experimental_compression");
            int pair = KeyValue.createKeyValue(builder, key, builder.createString("ZSTD"));
            pairs = Message.createCustomMetadataVector(builder, new int[] {pair});
        }
        builder.finish(Message.createMessage(
                builder, option.metadataVersion.toFlatbufID(), type, header, message.computeBodyLength(), pairs));
        ByteBuffer bytes = builder.dataBuffer();
        MessageSerializer.writeMessageBuffer(out, bytes.remaining(), bytes, option);
        MessageSerializer.writeBatchBuffers(out, body);
    }

    private static void remember(Field field, Map<Long, Field> dictionaries) {
        if (field.getDictionary() != null) {
            dictionaries.put(field.getDictionary().getId(), Field.nullable(field.getName(), field.getType()));
        }
        field.getChildren().forEach(child -> remember(child, dictionaries));
    }

    /** One batch, buffer by buffer. */
    private final class Batch {
        private final ArrowRecordBatch source;
        private final BufferAllocator allocator;
        private final Iterator<ArrowBuf> buffers;
        private final Iterator<ArrowFieldNode> nodes;
        private final Iterator<Long> variadicCounts;
        private final List<ArrowBuf> written = new ArrayList<>();
        private final List<ArrowFieldNode> writtenNodes = new ArrayList<>();

        Batch(ArrowRecordBatch source, BufferAllocator allocator) {
            this.source = source;
            this.allocator = allocator;
            this.buffers = source.getBuffers().iterator();
            this.nodes = source.getNodes().iterator();
            this.variadicCounts = source.getVariadicBufferCounts().iterator();
        }

        ArrowRecordBatch of(Field... fields) {
            for (Field field : fields) {
                column(field);
            }
            ArrowBodyCompression compression = compressed && !unionBitmaps
                    ? new ArrowBodyCompression(CompressionType.ZSTD, BodyCompressionMethod.BUFFER)
                    : NoCompressionCodec.DEFAULT_BODY_COMPRESSION;
            try {
                return new ArrowRecordBatch(
                        source.getLength(),
                        writtenNodes,
                        written,
                        compression,
                        source.getVariadicBufferCounts(),
                        true,
                        true);
            } finally {
                written.forEach(ArrowBuf::close);
            }
        }

        private void column(Field field) {
            ArrowFieldNode node = nodes.next();
            boolean encoded = field.getDictionary() != null;
            ArrowType type = encoded ? field.getDictionary().getIndexType() : Storage.of(field.getType());
            boolean union = type instanceof ArrowType.Union;
            if (unionBitmaps && (union || type instanceof ArrowType.RunEndEncoded)) {
                boolean hasNull = union && nullUnions && node.getLength() > 0;
                byte[] bits = new byte[(node.getLength() + 7) / 8];
                Arrays.fill(bits, (byte) -1);
                if (hasNull) {
                    bits[0] &= ~1;
                }
                put(bits);
                node = new ArrowFieldNode(node.getLength(), hasNull ? 1 : 0);
            }
            writtenNodes.add(node);
            for (int part : parts(type)) {
                copy(part);
            }
            if (type instanceof ArrowType.Utf8View || type instanceof ArrowType.BinaryView) {
                for (long count = variadicCounts.next(); count > 0; count--) {
                    copy(1);
                }
            }
            if (!encoded) {
                field.getChildren().forEach(this::column);
            }
        }

        /** Copies the next buffer, with each value of so many bytes reversed; 0 and -16 stand for what has parts. */
        private void copy(int width) {
            ArrowBuf buffer = buffers.next();
            byte[] bytes = new byte[(int) buffer.capacity()];
            buffer.getBytes(0, bytes);
            if (bigEndian) {
                int step = width == 0 || width == -16 ? 16 : width;
                for (int at = 0; at + step <= bytes.length; at += step) {
                    switch (width) {
                        case 0 -> {
                            boolean isLong = ByteBuffer.wrap(bytes)
                                            .order(ByteOrder.LITTLE_ENDIAN)
                                            .getInt(at)
                                    > 12;
                            reverse(bytes, at, 4);
                            if (isLong) {
                                reverse(bytes, at + 8, 4);
                                reverse(bytes, at + 12, 4);
                            }
                        }
                        case -16 -> {
                            reverse(bytes, at, 4);
                            reverse(bytes, at + 4, 4);
                            reverse(bytes, at + 8, 8);
                        }
                        default -> reverse(bytes, at, width);
                    }
                }
            }
            put(bytes);
        }

        private void put(byte[] bytes) {
            byte[] stored = bytes;
            if (compressed && bytes.length > 0) {
                byte[] zstd = Zstd.compress(bytes);
                stored = ByteBuffer.allocate(8 + zstd.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(bytes.length)
                        .put(zstd)
                        .array();
            }
            ArrowBuf target = allocator.buffer(stored.length);
            target.writeBytes(stored);
            written.add(target.capacity(stored.length));
        }
    }

    private static void reverse(byte[] bytes, int start, int length) {
        for (int low = start, high = start + length - 1; low < high; low++, high--) {
            byte one = bytes[low];
            bytes[low] = bytes[high];
            bytes[high] = one;
        }
    }

    /** The width of each buffer's values (Arrow columnar format, "Buffer Listing for Each Layout"). */
    private static int[] parts(ArrowType type) {
        return switch (type.getTypeID()) {
            case Null, RunEndEncoded -> new int[0];
            case Struct, FixedSizeList -> new int[] {1};
            case Bool, FixedSizeBinary -> new int[] {1, 1};
            case Utf8, Binary -> new int[] {1, 4, 1};
            case LargeUtf8, LargeBinary -> new int[] {1, 8, 1};
            case List, Map -> new int[] {1, 4};
            case LargeList -> new int[] {1, 8};
            case ListView -> new int[] {1, 4, 4};
            case LargeListView -> new int[] {1, 8, 8};
            case Utf8View, BinaryView -> new int[] {1, 0};
            case Union -> ((ArrowType.Union) type).getMode() == UnionMode.Dense ? new int[] {1, 4} : new int[] {1};
            case Int -> new int[] {1, ((ArrowType.Int) type).getBitWidth() / 8};
            case FloatingPoint ->
                new int[] {
                    1, 2 << ((ArrowType.FloatingPoint) type).getPrecision().ordinal()
                };
            case Decimal -> new int[] {1, ((ArrowType.Decimal) type).getBitWidth() / 8};
            case Date -> new int[] {1, ((ArrowType.Date) type).getUnit().ordinal() == 0 ? 4 : 8};
            case Time -> new int[] {1, ((ArrowType.Time) type).getBitWidth() / 8};
            case Interval ->
                new int[] {1, ((ArrowType.Interval) type).getUnit() == IntervalUnit.MONTH_DAY_NANO ? -16 : 4};
            case Timestamp, Duration -> new int[] {1, 8};
            default -> throw new IllegalArgumentException(type.toString());
        };
    }
}
