package org.arrownpz.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.vector.types.MetadataVersion;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.validate.MetadataV4UnionChecker;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/** Flatbuffers metadata of messages and footers, checked as far as their accessors leave it to us. */
final class Metadata {
    static final int CONTINUATION = 0xFFFFFFFF;

    /** Depth of nested types; what Arrow's own readers follow is bounded by the stack only. */
    private static final int MAX_DEPTH = 64;

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
            throw location.fault(ErrorCode.META_SCHEMA, "the message's metadata do not fit their block")
                    .at(offset)
                    .found(length)
                    .exception();
        }
        return message(buffer.slice().limit(length), location, offset);
    }

    static Message message(ByteBuffer bytes, Location location, long offset) throws NpzException {
        try {
            Message message = Message.getRootAsMessage(bytes.order(ByteOrder.LITTLE_ENDIAN));
            if (message.bodyLength() < 0) {
                throw location.fault(ErrorCode.META_SCHEMA, "a message body's length is negative")
                        .at(offset)
                        .found(message.bodyLength())
                        .exception();
            }
            message.headerType();
            return message;
        } catch (RuntimeException e) {
            throw damaged(location, offset, e);
        }
    }

    /** The schema of a footer or schema message, if it is one that this reader understands. */
    static Schema schema(org.apache.arrow.flatbuf.Schema flat, short version, Location location) throws NpzException {
        try {
            if (flat.endianness() != Endianness.Little) {
                throw location.fault(ErrorCode.VERSION, "the Arrow data are big-endian")
                        .remedy("Write them on a little-endian machine")
                        .exception();
            }
            MetadataVersion metadata = MetadataVersion.fromFlatbufID(version);
            if (metadata.compareTo(MetadataVersion.V4) < 0) {
                throw location.fault(ErrorCode.VERSION, "an Arrow metadata version from before Arrow 0.8")
                        .expected("V4 or V5")
                        .found(metadata)
                        .exception();
            }
            Schema schema = Schema.convertSchema(flat);
            MetadataV4UnionChecker.checkRead(schema, metadata);
            checkDepth(schema.getFields(), 1, location);
            return schema;
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw location.fault(ErrorCode.VERSION, "unions of Arrow metadata version 4 cannot be read")
                    .cause(e)
                    .exception();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw damaged(location, -1, e);
        }
    }

    static NpzException truncated(Location location, long offset) {
        return location.fault(ErrorCode.DATA_TRUNCATED, "the Arrow data end within a message")
                .at(offset)
                .exception();
    }

    static NpzException damaged(Location location, long offset, Throwable cause) {
        return location.fault(ErrorCode.META_SCHEMA, "the Arrow metadata are damaged")
                .at(offset)
                .cause(cause)
                .exception();
    }

    private static void checkDepth(List<Field> fields, int depth, Location location) throws NpzException {
        if (depth > MAX_DEPTH) {
            throw location.fault(ErrorCode.LIMIT, "types are nested more than " + MAX_DEPTH + " deep")
                    .exception();
        }
        for (Field field : fields) {
            checkDepth(field.getChildren(), depth + 1, location);
        }
    }
}
