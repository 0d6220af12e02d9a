package org.arrownpz.flight.internal.transport;

import com.github.luben.zstd.Zstd;
import com.google.flatbuffers.FlatBufferBuilder;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.internal.codec.Lz4Block;
import org.arrownpz.ipc.internal.codec.Lz4Frame;
import org.jspecify.annotations.Nullable;

/**
 * A {@code FlightData} message (Flight.proto) of which the buffers are compressed each on its own, behind eight bytes of
 * their length, as Arrow's Message.fbs has it. The server made what is read here.
 */
final class CompressedBatch {
    private static final int HEADER_FIELD = 2;
    private static final int BODY_FIELD = 1000;
    private static final int ZSTD_LEVEL = 3;
    private static final int ALIGNMENT = 8;

    private final IpcOptions.Compression compression;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Lz4Block.Table table = new Lz4Block.Table();

    private CompressedBatch(IpcOptions.Compression compression) {
        this.compression = compression;
    }

    /** The message with its batch compressed; the same bytes where it has none. */
    static byte[] of(byte[] message, IpcOptions.Compression compression) throws IOException {
        CodedInputStream input = CodedInputStream.newInstance(message);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.length / 2 + 1024);
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        byte[] header = new byte[0];
        ByteBuffer plain = ByteBuffer.allocate(0);
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case HEADER_FIELD -> header = input.readByteArray();
                case BODY_FIELD -> plain = input.readByteBuffer();
                default -> input.skipField(tag, output);
            }
        }
        byte[] compressed = header.length == 0 ? null : new CompressedBatch(compression).write(header, plain, output);
        if (compressed == null) {
            return message;
        }
        output.writeByteArray(BODY_FIELD, compressed);
        output.flush();
        return bytes.toByteArray();
    }

    /** Writes the header of a batch, and gives its body; null for other messages. */
    private byte @Nullable [] write(byte[] header, ByteBuffer plain, CodedOutputStream output) throws IOException {
        Message message = Message.getRootAsMessage(ByteBuffer.wrap(header));
        FlatBufferBuilder builder = new FlatBufferBuilder(header.length + 1024);
        int data;
        switch (message.headerType()) {
            case MessageHeader.RecordBatch ->
                data = batch((RecordBatch) message.header(new RecordBatch()), plain, builder);
            case MessageHeader.DictionaryBatch -> {
                DictionaryBatch dictionary = (DictionaryBatch) message.header(new DictionaryBatch());
                data = DictionaryBatch.createDictionaryBatch(
                        builder, dictionary.id(), batch(dictionary.data(), plain, builder), dictionary.isDelta());
            }
            default -> {
                return null;
            }
        }
        Message.startMessage(builder);
        Message.addHeaderType(builder, message.headerType());
        Message.addHeader(builder, data);
        Message.addVersion(builder, message.version());
        Message.addBodyLength(builder, body.size());
        builder.finish(Message.endMessage(builder));
        output.writeByteArray(HEADER_FIELD, builder.sizedByteArray());
        return body.toByteArray();
    }

    private int batch(RecordBatch batch, ByteBuffer plain, FlatBufferBuilder builder) {
        long[] places = new long[2 * batch.buffersLength()];
        for (int i = 0; i < batch.buffersLength(); i++) {
            Buffer buffer = batch.buffers(i);
            places[2 * i] = body.size();
            add(plain.slice(Math.toIntExact(buffer.offset()), Math.toIntExact(buffer.length())));
            places[2 * i + 1] = body.size() - places[2 * i];
            body.writeBytes(new byte[-body.size() & (ALIGNMENT - 1)]);
        }
        RecordBatch.startBuffersVector(builder, batch.buffersLength());
        for (int i = batch.buffersLength() - 1; i >= 0; i--) {
            Buffer.createBuffer(builder, places[2 * i], places[2 * i + 1]);
        }
        int buffers = builder.endVector();
        RecordBatch.startNodesVector(builder, batch.nodesLength());
        for (int i = batch.nodesLength() - 1; i >= 0; i--) {
            FieldNode.createFieldNode(
                    builder, batch.nodes(i).length(), batch.nodes(i).nullCount());
        }
        int nodes = builder.endVector();
        long[] counts = new long[batch.variadicBufferCountsLength()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = batch.variadicBufferCounts(i);
        }
        int variadic = counts.length == 0 ? 0 : RecordBatch.createVariadicBufferCountsVector(builder, counts);
        byte codec = compression == IpcOptions.Compression.LZ4 ? CompressionType.LZ4_FRAME : CompressionType.ZSTD;
        int how = BodyCompression.createBodyCompression(builder, codec, BodyCompressionMethod.BUFFER);
        RecordBatch.startRecordBatch(builder);
        RecordBatch.addLength(builder, batch.length());
        RecordBatch.addNodes(builder, nodes);
        RecordBatch.addBuffers(builder, buffers);
        RecordBatch.addCompression(builder, how);
        if (variadic != 0) {
            RecordBatch.addVariadicBufferCounts(builder, variadic);
        }
        return RecordBatch.endRecordBatch(builder);
    }

    /** Adds a buffer; an empty one stays empty. */
    private void add(ByteBuffer plain) {
        int length = plain.remaining();
        if (length == 0) {
            return;
        }
        body.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array());
        boolean lz4 = compression == IpcOptions.Compression.LZ4;
        byte[] packed = new byte[Math.toIntExact(lz4 ? Lz4Frame.bound(length) : Zstd.compressBound(length))];
        int size = lz4 ? Lz4Frame.compress(plain, ByteBuffer.wrap(packed), table) : zstd(plain, packed);
        body.write(packed, 0, size);
    }

    private static int zstd(ByteBuffer plain, byte[] packed) {
        byte[] bytes = new byte[plain.remaining()];
        plain.get(bytes);
        long size = Zstd.compressByteArray(packed, 0, packed.length, bytes, 0, bytes.length, ZSTD_LEVEL);
        if (Zstd.isError(size)) {
            throw new IllegalStateException("ZSTD failed: " + Zstd.getErrorName(size));
        }
        return (int) size;
    }
}
