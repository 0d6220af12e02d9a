package org.arrownpz.ipc.internal.message;

import java.util.Map;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * The message that a stream begins with.
 *
 * @param schema what it says of columns
 * @param metadata its own key-value pairs, beside those of the schema
 */
record SchemaMessage(FileSchema schema, Map<String, String> metadata) {
    /**
     * Reads it.
     *
     * @param message null where the stream ends before its first message
     */
    static SchemaMessage read(@Nullable Message message, Location location) throws NpzException {
        if (message == null) {
            throw location.error(ErrorCode.MAGIC, "the Arrow stream is empty")
                    .expected("a schema message")
                    .build();
        }
        try {
            if (message.headerType() > MessageHeader.RecordBatch) {
                throw Metadata.noBatch(message, location, 0);
            }
            if (message.headerType() != MessageHeader.Schema) {
                throw location.error(ErrorCode.META_SCHEMA, "the stream does not start with a schema")
                        .at(0)
                        .build();
            }
            if (!(message.header(new Schema()) instanceof Schema flat)) {
                throw location.error(ErrorCode.META_SCHEMA, "the schema message is empty")
                        .at(0)
                        .build();
            }
            if (message.bodyLength() != 0) {
                throw location.error(ErrorCode.META_SCHEMA, "the schema message has a body")
                        .at(0)
                        .build();
            }
            return new SchemaMessage(
                    FileSchema.of(flat, message.version(), location), MappedMessages.metadata(message, location, 0));
        } catch (RuntimeException e) {
            throw Metadata.damaged(location, 0, e);
        }
    }
}
