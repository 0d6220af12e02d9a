package org.arrownpz.vector.internal.buffers;

import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Union;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what a schema message unfolds to. Tables of a flatbuffer may be shared and even form cycles, so that a small
 * message can describe fields without end; a message whose parts are all its own never has more of them than bytes.
 */
final class ArrowColumnFlatbuffer {
    /** Some writers share equal strings; no more than this many times over. */
    private static final long SHARING = 4;

    private static final long SLACK = 4096;

    private long budget;

    private ArrowColumnFlatbuffer(long budget) {
        this.budget = budget;
    }

    /** @throws RuntimeException of any class when the message is malformed or unfolds to too much */
    static void check(ByteBuffer message) {
        ArrowColumnFlatbuffer walk = new ArrowColumnFlatbuffer(message.remaining() * SHARING + SLACK);
        Message root = Message.getRootAsMessage(message);
        if (root.headerType() != MessageHeader.Schema || !(root.header(new Schema()) instanceof Schema schema)) {
            return;
        }
        if (schema.endianness() != Endianness.Little) {
            throw new IllegalArgumentException("big-endian buffers");
        }
        walk.spend(8L * schema.featuresLength());
        walk.count(schema.customMetadataLength());
        for (int i = 0; i < schema.customMetadataLength(); i++) {
            walk.entry(schema.customMetadata(i));
        }
        walk.count(schema.fieldsLength());
        for (int i = 0; i < schema.fieldsLength(); i++) {
            walk.field(schema.fields(i), 0);
        }
    }

    private void field(Field field, int depth) {
        if (depth > ArrowColumnTypes.MAX_DEPTH) {
            throw new IllegalArgumentException("fields nested more than " + ArrowColumnTypes.MAX_DEPTH + " deep");
        }
        text(field.nameAsByteBuffer());
        if (field.typeType() == Type.Union && field.type(new Union()) instanceof Union union) {
            count(union.typeIdsLength());
        }
        count(field.customMetadataLength());
        for (int i = 0; i < field.customMetadataLength(); i++) {
            entry(field.customMetadata(i));
        }
        count(field.childrenLength());
        for (int i = 0; i < field.childrenLength(); i++) {
            field(field.children(i), depth + 1);
        }
    }

    private void entry(KeyValue entry) {
        text(entry.keyAsByteBuffer());
        text(entry.valueAsByteBuffer());
    }

    private void text(@Nullable ByteBuffer text) {
        spend(text == null ? 0 : text.remaining());
    }

    private void count(int elements) {
        spend(4L * elements);
    }

    private void spend(long bytes) {
        budget -= bytes;
        if (bytes < 0 || budget < 0) {
            throw new IllegalArgumentException("more parts than bytes");
        }
    }
}
