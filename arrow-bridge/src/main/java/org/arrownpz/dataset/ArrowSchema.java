package org.arrownpz.dataset;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Base64;
import java.util.List;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** The Arrow schema in a Parquet file, as key-value metadata {@code ARROW:schema}: base64 of the IPC schema message. */
final class ArrowSchema {
    static final String KEY = "ARROW:schema";

    private ArrowSchema() {}

    /** The fields of a file's schema, none where it cannot be understood: the file's own types stand then. */
    static List<Field> decode(@Nullable String value) {
        if (value == null) {
            return List.of();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(value);
            return MessageSerializer.deserializeSchema(
                            new ReadChannel(Channels.newChannel(new ByteArrayInputStream(bytes))))
                    .getFields();
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }
}
