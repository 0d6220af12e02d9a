package org.arrownpz.frame.internal.read;

import java.util.List;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.arrownpz.vector.internal.kernel.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Checks that Arrow's own validation lacks for columns stored as Arrow buffers: whether text is UTF-8, and whether
 * dictionary indices lie within their dictionary.
 */
final class StoredContent {
    private final DictionaryProvider dictionaries;

    StoredContent(DictionaryProvider dictionaries) {
        this.dictionaries = dictionaries;
    }

    /** The first fault as a sentence's end, or null. */
    @Nullable
    String fault(List<? extends FieldVector> vectors) {
        for (FieldVector vector : vectors) {
            String fault = fault(vector);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private @Nullable String fault(FieldVector vector) {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        long bad = -1;
        if (encoding != null && vector instanceof BaseIntVector indices) {
            Dictionary dictionary = dictionaries.lookup(encoding.getId());
            bad = badIndex(
                    vector,
                    indices,
                    dictionary == null ? 0 : dictionary.getVector().getValueCount());
            return bad < 0 ? null : "index " + bad + " points outside the dictionary";
        }
        int rows = vector.getValueCount();
        if (vector instanceof VarCharVector || vector instanceof LargeVarCharVector) {
            int width = vector instanceof VarCharVector ? Integer.BYTES : Long.BYTES;
            bad = Utf8.firstInvalid(
                    vector.getOffsetBuffer(), width, vector.getDataBuffer(), vector.getValidityBuffer(), rows);
        } else if (vector instanceof ViewVarCharVector text) {
            bad = Utf8.firstInvalidView(text.getDataBuffer(), text.getDataBuffers(), text.getValidityBuffer(), rows);
        }
        if (bad >= 0) {
            return "the text at index " + bad + " is no UTF-8";
        }
        return fault(vector.getChildrenFromFields());
    }

    private static long badIndex(FieldVector vector, BaseIntVector indices, int size) {
        for (int i = 0; i < vector.getValueCount(); i++) {
            if (!vector.isNull(i)) {
                long index = indices.getValueAsLong(i);
                if (index < 0 || index >= size) {
                    return i;
                }
            }
        }
        return -1;
    }
}
