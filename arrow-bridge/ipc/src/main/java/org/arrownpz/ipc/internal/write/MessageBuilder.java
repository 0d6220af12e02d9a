package org.arrownpz.ipc.internal.write;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ipc.internal.message.MappedMessages;

/** The flatbuffers of messages and footers (Arrow's Message.fbs and File.fbs). */
public final class MessageBuilder {
    private static final int PAIR = 16;
    private static final int REST = 1024;

    private MessageBuilder() {}

    /** The places of the buffers of a body: start and length of each in turn. */
    public record Layout(long rows, long[] places, long bodyLength) {}

    public static ByteBuffer schema(Schema schema, Map<String, String> metadata) {
        FlatBufferBuilder builder =
                new FlatBufferBuilder(REST + schema.getFields().size() * 128);
        int header = schema.getSchema(builder);
        return message(builder, MessageHeader.Schema, header, 0, metadata);
    }

    public static ByteBuffer batch(BatchParts parts, Layout layout, CodecType codec) {
        FlatBufferBuilder builder = builder(parts);
        int header = recordBatch(builder, parts, layout, codec);
        return message(builder, MessageHeader.RecordBatch, header, layout.bodyLength(), Map.of());
    }

    public static ByteBuffer dictionary(long id, boolean delta, BatchParts parts, Layout layout, CodecType codec) {
        FlatBufferBuilder builder = builder(parts);
        int data = recordBatch(builder, parts, layout, codec);
        int header = DictionaryBatch.createDictionaryBatch(builder, id, data, delta);
        return message(builder, MessageHeader.DictionaryBatch, header, layout.bodyLength(), Map.of());
    }

    private static FlatBufferBuilder builder(BatchParts parts) {
        return new FlatBufferBuilder(REST
                + PAIR
                        * (parts.nodeCount()
                                + parts.bufferCount()
                                + parts.variadicCounts().size()));
    }

    private static int recordBatch(FlatBufferBuilder builder, BatchParts parts, Layout layout, CodecType codec) {
        RecordBatch.startNodesVector(builder, parts.nodeCount());
        for (int i = parts.nodeCount() - 1; i >= 0; i--) {
            FieldNode.createFieldNode(builder, parts.nodeLength(i), parts.nodeNulls(i));
        }
        int nodes = builder.endVector();
        RecordBatch.startBuffersVector(builder, parts.bufferCount());
        for (int i = parts.bufferCount() - 1; i >= 0; i--) {
            Buffer.createBuffer(builder, layout.places()[i * 2], layout.places()[i * 2 + 1]);
        }
        int buffers = builder.endVector();
        int body = codec == CodecType.NO_COMPRESSION
                ? 0
                : BodyCompression.createBodyCompression(builder, codec.getType(), BodyCompressionMethod.BUFFER);
        long[] counts =
                parts.variadicCounts().stream().mapToLong(Integer::longValue).toArray();
        int variadic = counts.length == 0 ? 0 : RecordBatch.createVariadicBufferCountsVector(builder, counts);
        RecordBatch.startRecordBatch(builder);
        RecordBatch.addLength(builder, layout.rows());
        RecordBatch.addNodes(builder, nodes);
        RecordBatch.addBuffers(builder, buffers);
        if (body != 0) {
            RecordBatch.addCompression(builder, body);
        }
        if (variadic != 0) {
            RecordBatch.addVariadicBufferCounts(builder, variadic);
        }
        return RecordBatch.endRecordBatch(builder);
    }

    private static ByteBuffer message(
            FlatBufferBuilder builder, byte type, int header, long bodyLength, Map<String, String> metadata) {
        int pairs = metadata.isEmpty() ? 0 : Message.createCustomMetadataVector(builder, pairs(builder, metadata));
        Message.startMessage(builder);
        Message.addHeaderType(builder, type);
        Message.addHeader(builder, header);
        Message.addVersion(builder, MetadataVersion.V5);
        Message.addBodyLength(builder, bodyLength);
        if (pairs != 0) {
            Message.addCustomMetadata(builder, pairs);
        }
        builder.finish(Message.endMessage(builder));
        return builder.dataBuffer();
    }

    public static ByteBuffer footer(
            Schema schema,
            List<MappedMessages.Block> dictionaries,
            List<MappedMessages.Block> batches,
            Map<String, String> metadata) {
        FlatBufferBuilder builder =
                new FlatBufferBuilder(REST + schema.getFields().size() * 128);
        int flat = schema.getSchema(builder);
        Footer.startDictionariesVector(builder, dictionaries.size());
        int first = blocks(builder, dictionaries);
        Footer.startRecordBatchesVector(builder, batches.size());
        int second = blocks(builder, batches);
        int pairs = metadata.isEmpty() ? 0 : Footer.createCustomMetadataVector(builder, pairs(builder, metadata));
        Footer.startFooter(builder);
        Footer.addVersion(builder, MetadataVersion.V5);
        Footer.addSchema(builder, flat);
        Footer.addDictionaries(builder, first);
        Footer.addRecordBatches(builder, second);
        if (pairs != 0) {
            Footer.addCustomMetadata(builder, pairs);
        }
        builder.finish(Footer.endFooter(builder));
        return builder.dataBuffer();
    }

    private static int blocks(FlatBufferBuilder builder, List<MappedMessages.Block> blocks) {
        for (int i = blocks.size() - 1; i >= 0; i--) {
            MappedMessages.Block block = blocks.get(i);
            Block.createBlock(builder, block.offset(), (int) block.metadataLength(), block.bodyLength());
        }
        return builder.endVector();
    }

    private static int[] pairs(FlatBufferBuilder builder, Map<String, String> metadata) {
        return metadata.entrySet().stream()
                .mapToInt(entry -> KeyValue.createKeyValue(
                        builder, builder.createString(entry.getKey()), builder.createString(entry.getValue())))
                .toArray();
    }
}
