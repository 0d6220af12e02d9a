package org.arrownpz.ipc.internal.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.arrow.flatbuf.Type;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Field} tables of a schema (Arrow's Schema.fbs) without children and dictionaries, read in place. The
 * generated classes look up a table's layout for every value and decode names character by character, which 10,000
 * columns feel; here, layouts are kept, since a writer gives equal ones to all fields. It reads nothing beyond the
 * buffer's limit. Used by one thread.
 */
final class PlainFields {
    // 30 % of opening an IPC file of 10,000 columns.

    private static final int NAME = 0;
    private static final int NULLABLE = 1;
    private static final int TYPE_KIND = 2;
    private static final int TYPE = 3;
    private static final int DICTIONARY = 4;
    private static final int CHILDREN = 5;
    private static final int METADATA = 6;

    private final ByteBuffer bytes;
    private final Layout fields = new Layout(METADATA + 1);
    private final Layout types = new Layout(2);
    private final Layout pairs = new Layout(2);
    private int field;
    private int metadata;
    private int metadataCount;

    /** @param bytes little-endian, with an array */
    PlainFields(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** The places of the values of a kind of table, as the table that was last looked at has it. */
    private final class Layout {
        private final int[] slots;
        private int known = -1;

        Layout(int slots) {
            this.slots = new int[slots];
        }

        void of(int table) {
            int start = table - bytes.getInt(table);
            if (start != known) {
                int size = bytes.getShort(start);
                for (int i = 0; i < slots.length; i++) {
                    slots[i] = 4 + 2 * i < size ? bytes.getShort(start + 4 + 2 * i) : 0;
                }
                known = start;
            }
        }
    }

    /** Goes to a field; false where it is not one of these. */
    boolean moveTo(int table) {
        fields.of(table);
        field = table;
        metadata = vector(METADATA);
        metadataCount = metadata == 0 ? 0 : bytes.getInt(metadata);
        int children = vector(CHILDREN);
        return fields.slots[DICTIONARY] == 0 && (children == 0 || bytes.getInt(children) == 0);
    }

    /** The place of a vector's length in the field; 0 where the field has no such vector. */
    private int vector(int slot) {
        int at = fields.slots[slot];
        return at == 0 ? 0 : followed(field + at);
    }

    private int followed(int at) {
        return at + bytes.getInt(at);
    }

    /** The field's name; null where it has none, or one that is not ASCII. */
    @Nullable
    String asciiName() {
        int at = fields.slots[NAME];
        if (at == 0) {
            return null;
        }
        int start = followed(field + at);
        int length = bytes.getInt(start);
        if (length < 0 || start < 0 || start + 4L + length > bytes.limit()) {
            return null;
        }
        String name = new String(bytes.array(), bytes.arrayOffset() + start + 4, length, StandardCharsets.UTF_8);
        // Characters beyond ASCII take several bytes, and bytes that are no UTF-8 have become U+FFFD.
        return name.length() == length && name.indexOf('\uFFFD') < 0 ? name : null;
    }

    /** The key that tells simple types apart, nullability included; 0 for types with more parameters. */
    int typeKey() {
        int at = fields.slots[TYPE_KIND];
        int kind = at == 0 ? 0 : bytes.get(field + at);
        int parameter;
        switch (kind) {
            case Type.Utf8, Type.Binary, Type.Bool -> parameter = 0;
            case Type.FloatingPoint -> {
                int type = type();
                if (type == 0) {
                    return 0;
                }
                at = types.slots[0];
                parameter = at == 0 ? 0 : bytes.getShort(type + at);
            }
            case Type.Int -> {
                int type = type();
                if (type == 0) {
                    return 0;
                }
                at = types.slots[0];
                int bits = at == 0 ? 0 : bytes.getInt(type + at);
                if (bits < 0 || bits > 64) {
                    return 0;
                }
                at = types.slots[1];
                parameter = bits * 2 + (at != 0 && bytes.get(type + at) != 0 ? 1 : 0);
            }
            default -> {
                return 0;
            }
        }
        at = fields.slots[NULLABLE];
        boolean nullable = at != 0 && bytes.get(field + at) != 0;
        return kind | (nullable ? 1 << 8 : 0) | (parameter & 0xFFF) << 9;
    }

    /** The field's type table, with its layout known; 0 where there is none. */
    private int type() {
        int at = fields.slots[TYPE];
        if (at == 0) {
            return 0;
        }
        int table = followed(field + at);
        types.of(table);
        return table;
    }

    int metadataCount() {
        return metadataCount;
    }

    /** The place of the field's metadata, to be compared with that of others. */
    int metadata() {
        return metadata;
    }

    /** Whether the field has, byte by byte, the metadata that lie at another place, in the same order. */
    boolean hasMetadata(int other, int count) {
        if (count != metadataCount || count < 0) {
            return false;
        }
        for (int i = 0; i < count && metadata != other; i++) {
            int one = followed(metadata + 4 + 4 * i);
            int two = followed(other + 4 + 4 * i);
            for (int part = 0; part < 2; part++) {
                if (!equal(text(one, part), text(two, part))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The place of the length of a pair's key (0) or value (1); 0 where it has none. */
    private int text(int pair, int part) {
        pairs.of(pair);
        int at = pairs.slots[part];
        return at == 0 ? 0 : followed(pair + at);
    }

    private boolean equal(int one, int two) {
        if (one == 0 || two == 0) {
            return one == two;
        }
        int length = bytes.getInt(one);
        if (length < 0
                || length != bytes.getInt(two)
                || one + 4L + length > bytes.limit()
                || two + 4L + length > bytes.limit()) {
            return false;
        }
        int base = bytes.arrayOffset() + 4;
        return Arrays.equals(
                bytes.array(), base + one, base + one + length, bytes.array(), base + two, base + two + length);
    }
}
