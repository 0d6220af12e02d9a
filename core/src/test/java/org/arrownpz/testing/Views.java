package org.arrownpz.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Views around the 12 bytes up to which a value lies within its view, and in several buffers beyond. */
public final class Views {
    private static final int[] LENGTHS = {0, 1, 11, 12, 13, 40, 200};
    /** The bytes of the small buffers: two values of 40 bytes lie behind each other in one. */
    private static final int BUFFER = 100;

    private Views() {}

    /** ASCII, all different: of each length two that differ in the first byte, and two that differ in the last. */
    public static List<byte[]> values() {
        List<byte[]> values = new ArrayList<>();
        for (int length : LENGTHS) {
            if (length == 0) {
                values.add(new byte[0]);
                continue;
            }
            String same = "x".repeat(length - 1);
            for (String text : List.of("a" + same, "b" + same, same + "y", same + "z")) {
                values.add(text.getBytes(StandardCharsets.US_ASCII));
            }
        }
        return values;
    }

    /** Binary views. The caller closes them. */
    public static FieldVector of(BufferAllocator allocator, List<byte[]> values) {
        return of(Field.nullable("v", new ArrowType.BinaryView()), allocator, values);
    }

    /**
     * Views of a field, null ones with garbage below them. The caller closes them.
     *
     * @param field of texts or bytes as views
     */
    public static FieldVector of(Field field, BufferAllocator allocator, List<byte @Nullable []> values) {
        List<ArrowBuf> buffers = new ArrayList<>();
        long count = values.size();
        buffers.add(allocator.buffer((count + 7) / 8).writerIndex((count + 7) / 8));
        buffers.add(allocator.buffer(16 * count).writerIndex(16 * count));
        buffers.get(0).setZero(0, buffers.get(0).capacity());
        int nulls = 0;
        for (int i = 0; i < values.size(); i++) {
            byte[] value = values.get(i);
            if (value == null) {
                nulls++;
                buffers.get(1).setBytes(16L * i, "garbage garbage ".getBytes(StandardCharsets.US_ASCII));
                continue;
            }
            buffers.get(0).setByte(i / 8, buffers.get(0).getByte(i / 8) | 1 << i % 8);
            view(allocator, buffers, 16L * i, value);
        }
        FieldVector vector = field.createVector(allocator);
        vector.loadFieldBuffers(new ArrowFieldNode(count, nulls), buffers);
        buffers.forEach(ArrowBuf::close);
        return vector;
    }

    private static void view(BufferAllocator allocator, List<ArrowBuf> buffers, long at, byte[] value) {
        ArrowBuf views = buffers.get(1);
        views.setZero(at, 16);
        views.setInt(at, value.length);
        if (value.length <= 12) {
            views.setBytes(at + 4, value);
            return;
        }
        ArrowBuf last = buffers.get(buffers.size() - 1);
        if (last == views || last.writableBytes() < value.length) {
            last = allocator.buffer(Math.max(BUFFER, 1 + value.length));
            last.writeByte('-');
            buffers.add(last);
        }
        views.setBytes(at + 4, value, 0, 4);
        views.setInt(at + 8, buffers.size() - 3);
        views.setInt(at + 12, (int) last.writerIndex());
        last.writeBytes(value);
    }
}
