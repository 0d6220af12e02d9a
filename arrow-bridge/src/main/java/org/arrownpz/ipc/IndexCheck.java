package org.arrownpz.ipc;

import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;

/** Whether the indices of dictionary-encoded columns point at values. */
final class IndexCheck {
    private IndexCheck() {}

    /** Checks a column and its children; memory that may be gone is read, so that the caller has faults delivered. */
    static void check(FieldVector vector, Map<Long, Dictionary> dictionaries, Location location, long offset)
            throws NpzException {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding != null) {
            Dictionary dictionary = dictionaries.get(encoding.getId());
            if (dictionary == null || !(vector instanceof BaseIntVector)) {
                throw location.fault(ErrorCode.META_SCHEMA, "a dictionary column lacks its dictionary")
                        .at(offset)
                        .exception();
            }
            indices(vector, dictionary.getVector().getValueCount(), location, offset);
        }
        for (FieldVector child : vector.getChildrenFromFields()) {
            check(child, dictionaries, location, offset);
        }
    }

    private static void indices(FieldVector vector, int size, Location location, long offset) throws NpzException {
        ArrowType.Int type = (ArrowType.Int) vector.getField().getType();
        int width = type.getBitWidth() / Byte.SIZE;
        // Signed indices below 0 are above that when taken as unsigned.
        long limit = type.getIsSigned() && width < 4 ? Math.min(size, 1L << width * Byte.SIZE - 1) : size;
        ArrowBuf values = vector.getDataBuffer();
        int count = vector.getValueCount();
        for (int i = 0; i < count; i++) {
            long index = unsigned(values, i, width);
            if (Long.compareUnsigned(index, limit) >= 0 && !vector.isNull(i)) {
                throw location.fault(
                                ErrorCode.META_SCHEMA,
                                "column " + SafeText.quote(String.valueOf(vector.getName()))
                                        + " has a dictionary index out of range in row " + i)
                        .at(offset)
                        .expected("0 to " + (size - 1))
                        .exception();
            }
        }
    }

    /** Never with a sign extension, which JDK 17 cannot recover from where a page of a mapped file is gone. */
    private static long unsigned(ArrowBuf values, long index, int width) {
        return switch (width) {
            case 1 -> values.getByte(index) & 0xFFL;
            case 2 -> values.getShort(index * 2) & 0xFFFFL;
            case 4 -> values.getInt(index * 4) & 0xFFFFFFFFL;
            default -> values.getLong(index * 8);
        };
    }
}
