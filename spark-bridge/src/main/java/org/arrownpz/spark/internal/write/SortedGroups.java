package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.spark.internal.NpzOptions;
import org.jspecify.annotations.Nullable;

/**
 * Packs rows that come sorted by key. Where they exceed the memory allowed, a file ends with the last whole group, so
 * that memory holds that much and one group.
 */
final class SortedGroups {
    private final RowBuffer buffer;
    private final Output output;
    private final StructType schema;
    private final NpzOptions options;
    private final int[] keys;
    private final DataType[] types;
    private @Nullable Object @Nullable [] last;

    SortedGroups(RowBuffer buffer, Output output, StructType schema, NpzOptions options) {
        this.buffer = buffer;
        this.output = output;
        this.schema = schema;
        this.options = options;
        this.keys = options.packBy().stream().mapToInt(schema::fieldIndex).toArray();
        this.types = Arrays.stream(keys)
                .mapToObj(key -> schema.fields()[key].dataType())
                .toArray(DataType[]::new);
    }

    void append(InternalRow row) throws IOException {
        // Keys are looked at only once there are too many rows.
        if (last != null) {
            if (!isSame(last, row)) {
                flush();
            }
        } else if (buffer.exceeds(options.maxBytesInMemory())) {
            last = key(row);
        }
        buffer.append(row);
    }

    private @Nullable Object[] key(InternalRow row) {
        InternalRow copy = row.copy();
        Object[] values = new Object[keys.length];
        for (int i = 0; i < keys.length; i++) {
            values[i] = copy.get(keys[i], types[i]);
        }
        return values;
    }

    private boolean isSame(@Nullable Object[] key, InternalRow row) {
        for (int i = 0; i < keys.length; i++) {
            if (!isSame(key[i], row.get(keys[i], types[i]))) {
                return false;
            }
        }
        return true;
    }

    // As core has it: zeros are equal whatever their sign, and so are NaN and null.
    private static boolean isSame(@Nullable Object a, @Nullable Object b) {
        if (a instanceof byte[] bytes && b instanceof byte[] others) {
            return Arrays.equals(bytes, others);
        }
        Object left = canonical(a);
        Object right = canonical(b);
        if (left == null || right == null) {
            return left == right;
        }
        return left.equals(right) || (isZero(left) && isZero(right));
    }

    private static @Nullable Object canonical(@Nullable Object value) {
        boolean isNaN =
                (value instanceof Double number && number.isNaN()) || (value instanceof Float real && real.isNaN());
        return isNaN ? null : value;
    }

    private static boolean isZero(Object value) {
        return (value instanceof Double number && number == 0) || (value instanceof Float real && real == 0);
    }

    void flush() throws IOException {
        last = null;
        if (buffer.rows() > 0) {
            try (Packed packed = Events.pack(buffer.root(), Packing.spec(options, schema))) {
                output.write(packed);
            }
            buffer.clear();
        }
    }
}
