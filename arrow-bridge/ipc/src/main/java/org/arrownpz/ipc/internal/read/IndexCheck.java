package org.arrownpz.ipc.internal.read;

import java.util.Map;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.support.column.VectorRows;

/** Whether the indices of dictionary-encoded columns point at values. */
public final class IndexCheck {
    private IndexCheck() {}

    /** Checks a column and its children; memory that may be gone is read, so that the caller has faults delivered. */
    public static void check(FieldVector vector, Map<Long, Dictionary> dictionaries, Location location, long offset)
            throws NpzException {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding != null) {
            Dictionary dictionary = dictionaries.get(encoding.getId());
            if (dictionary == null || !(vector instanceof BaseIntVector)) {
                throw location.error(ErrorCode.META_SCHEMA, "a dictionary column lacks its dictionary")
                        .at(offset)
                        .build();
            }
            indices(vector, dictionary.getVector().getValueCount(), location, offset);
        }
        for (FieldVector child : vector.getChildrenFromFields()) {
            check(child, dictionaries, location, offset);
        }
    }

    private static void indices(FieldVector vector, int size, Location location, long offset) throws NpzException {
        int row = VectorRows.firstIndexOutside(vector, size);
        if (row >= 0) {
            throw location.error(
                            ErrorCode.META_SCHEMA,
                            "column " + SafeText.quote(String.valueOf(vector.getName()))
                                    + " has a dictionary index out of range in row " + row)
                    .at(offset)
                    .expected("0 to " + (size - 1))
                    .build();
        }
    }
}
