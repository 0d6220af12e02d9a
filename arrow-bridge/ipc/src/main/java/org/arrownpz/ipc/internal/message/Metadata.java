package org.arrownpz.ipc.internal.message;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/** Flatbuffers metadata of messages and footers, checked as far as their accessors leave it to us. */
public final class Metadata {
    public static final int CONTINUATION = 0xFFFFFFFF;

    private Metadata() {}

    /** The message in a buffer that starts with the length prefix, with or without the continuation marker. */
    static Message prefixed(ByteBuffer bytes, Location location, long offset) throws NpzException {
        ByteBuffer buffer = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (buffer.remaining() < 8) {
            throw truncated(location, offset);
        }
        int length = buffer.getInt();
        if (length == CONTINUATION) {
            length = buffer.getInt();
        }
        if (length <= 0 || length > buffer.remaining()) {
            throw location.error(ErrorCode.META_SCHEMA, "the message's metadata do not fit their block")
                    .at(offset)
                    .found(length)
                    .build();
        }
        return message(buffer.slice().limit(length), location, offset);
    }

    static Message message(ByteBuffer bytes, Location location, long offset) throws NpzException {
        try {
            Message message = Message.getRootAsMessage(bytes.order(ByteOrder.LITTLE_ENDIAN));
            if (message.bodyLength() < 0) {
                throw location.error(ErrorCode.META_SCHEMA, "a message body's length is negative")
                        .at(offset)
                        .found(message.bodyLength())
                        .build();
            }
            message.headerType();
            return message;
        } catch (RuntimeException e) {
            throw damaged(location, offset, e);
        }
    }

    /** A message that is none of those that tables are made of: META_SCHEMA, or VERSION where the format knows it. */
    public static NpzException noBatch(Message message, Location location, long offset) {
        byte type = message.headerType();
        boolean tensor = type == MessageHeader.Tensor || type == MessageHeader.SparseTensor;
        return tensor || type > MessageHeader.SparseTensor
                ? location.error(
                                ErrorCode.VERSION,
                                tensor
                                        ? "a tensor message, which is not supported"
                                        : "a message of an Arrow type that is not supported")
                        .at(offset)
                        .found("message type " + type)
                        .remedy("Write tensors as NPY files, tables as record batches")
                        .build()
                : location.error(ErrorCode.META_SCHEMA, "a message is no batch")
                        .at(offset)
                        .found("message type " + type)
                        .build();
    }

    static NpzException truncated(Location location, long offset) {
        return location.error(ErrorCode.DATA_TRUNCATED, "the Arrow data end within a message")
                .at(offset)
                .build();
    }

    static NpzException damaged(Location location, long offset, Throwable cause) {
        return location.error(ErrorCode.META_SCHEMA, "the Arrow metadata are damaged")
                .at(offset)
                .cause(cause)
                .build();
    }
}
