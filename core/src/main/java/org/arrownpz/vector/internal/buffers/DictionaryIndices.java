package org.arrownpz.vector.internal.buffers;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** The indices of dictionary-encoded columns, of any width, which neither Arrow Java nor native code checks. */
public final class DictionaryIndices {
    private DictionaryIndices() {}

    /** The first row that has an index without an entry, or -1; rows that are null have none. */
    public static int firstOutside(FieldVector indices, int entries) {
        ArrowType.Int type = (ArrowType.Int) indices.getField().getType();
        int width = type.getBitWidth() / Byte.SIZE;
        // A signed index below 0 is above all others when taken as unsigned.
        long limit =
                type.getIsSigned() && width < Integer.BYTES ? Math.min(entries, 1L << width * Byte.SIZE - 1) : entries;
        ArrowBuf values = indices.getDataBuffer();
        int count = indices.getValueCount();
        for (int row = 0; row < count; row++) {
            if (Long.compareUnsigned(unsigned(values, row, width), limit) >= 0 && !indices.isNull(row)) {
                return row;
            }
        }
        return -1;
    }

    /** Never with a sign extension, which JDK 17 cannot recover from where a page of a mapped file is gone. */
    public static long unsigned(ArrowBuf values, long index, int width) {
        return switch (width) {
            case 1 -> values.getByte(index) & 0xFFL;
            case 2 -> values.getShort(index * 2) & 0xFFFFL;
            case 4 -> values.getInt(index * 4) & 0xFFFFFFFFL;
            default -> values.getLong(index * 8);
        };
    }
}
