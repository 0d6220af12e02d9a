package org.arrownpz.ipc;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;

/** Writes roots and readers as IPC messages to a channel that stays open. */
final class IpcWriter {
    private final WritableByteChannel channel;
    private final IpcFormat format;
    private final IpcCompression compression;

    IpcWriter(WritableByteChannel channel, IpcFormat format, IpcCompression compression) {
        this.channel = channel;
        this.format = format;
        this.compression = compression;
    }

    void write(VectorSchemaRoot root, DictionaryProvider dictionaries) throws IOException {
        try (CoalescingChannel output = new CoalescingChannel(channel);
                ArrowWriter writer = writer(root, dictionaries, output)) {
            writer.start();
            writer.writeBatch();
            writer.end();
            output.flush();
        }
    }

    void write(ArrowReader reader) throws IOException {
        try (CoalescingChannel output = new CoalescingChannel(channel);
                ArrowWriter writer = writer(reader.getVectorSchemaRoot(), reader, output)) {
            writer.start();
            while (reader.loadNextBatch()) {
                writer.writeBatch();
            }
            writer.end();
            output.flush();
        }
    }

    private ArrowWriter writer(VectorSchemaRoot root, DictionaryProvider dictionaries, WritableByteChannel output) {
        CodecType codec = switch (compression) {
            case NONE -> CodecType.NO_COMPRESSION;
            case LZ4 -> CodecType.LZ4_FRAME;
            case ZSTD -> CodecType.ZSTD;
        };
        CompressionCodec.Factory factory = compression == IpcCompression.NONE
                ? NoCompressionCodec.Factory.INSTANCE
                : CommonsCompressionFactory.INSTANCE;
        return format == IpcFormat.FILE
                ? new ArrowFileWriter(
                        root, dictionaries, output, Map.of(), IpcOption.DEFAULT, factory, codec, Optional.empty())
                : new ArrowStreamWriter(
                        root, dictionaries, output, IpcOption.DEFAULT, factory, codec, Optional.empty());
    }
}
