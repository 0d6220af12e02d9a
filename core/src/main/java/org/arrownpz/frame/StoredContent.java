package org.arrownpz.frame;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.jspecify.annotations.Nullable;

/**
 * What Arrow's own validation does not look at in columns stored as Arrow buffers: whether text is UTF-8, and whether
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
        if (vector instanceof VarCharVector text) {
            for (int i = 0; bad < 0 && i < text.getValueCount(); i++) {
                long start = unsigned(text.getOffsetBuffer(), (long) i * Integer.BYTES);
                long end = unsigned(text.getOffsetBuffer(), (i + 1L) * Integer.BYTES);
                bad = text.isNull(i) || isUtf8(text.getDataBuffer(), start, end) ? -1 : i;
            }
        } else if (vector instanceof LargeVarCharVector text) {
            for (int i = 0; bad < 0 && i < text.getValueCount(); i++) {
                long start = text.getOffsetBuffer().getLong((long) i * Long.BYTES);
                long end = text.getOffsetBuffer().getLong((i + 1L) * Long.BYTES);
                bad = text.isNull(i) || isUtf8(text.getDataBuffer(), start, end) ? -1 : i;
            }
        } else if (vector instanceof ViewVarCharVector text) {
            bad = badView(text);
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

    // Views of up to 12 bytes hold their bytes, others point into a data buffer (Arrow's columnar format,
    // "Variable-size
    // Binary View Layout").
    private static long badView(ViewVarCharVector text) {
        ArrowBuf views = text.getDataBuffer();
        for (int i = 0; i < text.getValueCount(); i++) {
            if (text.isNull(i)) {
                continue;
            }
            long view = (long) i * ViewVarCharVector.ELEMENT_SIZE;
            int length = views.getInt(view);
            boolean valid;
            if (length <= ViewVarCharVector.INLINE_SIZE) {
                valid = isUtf8(views, view + Integer.BYTES, view + Integer.BYTES + length);
            } else {
                ArrowBuf data = text.getDataBuffers().get(views.getInt(view + 2 * Integer.BYTES));
                long start = unsigned(views, view + 3 * Integer.BYTES);
                valid = isUtf8(data, start, start + length);
            }
            if (!valid) {
                return i;
            }
        }
        return -1;
    }

    // Offsets are known not to be negative. Read with a sign, a file cut short would end a JVM 17: its fault handler
    // does
    // not know the instruction that converts while it loads.
    private static long unsigned(ArrowBuf buffer, long at) {
        return buffer.getInt(at) & 0xFFFFFFFFL;
    }

    /** Whether the bytes are UTF-8: shortest forms, no surrogates, at most U+10FFFF (RFC 3629). */
    static boolean isUtf8(ArrowBuf bytes, long start, long end) {
        long at = start;
        while (at < end) {
            int lead = bytes.getByte(at++);
            if (lead >= 0) {
                continue;
            }
            lead &= 0xFF;
            int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
            if (lead < 0xC2 || lead > 0xF4 || end - at < more) {
                return false;
            }
            int second = bytes.getByte(at) & 0xFF;
            int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
            int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
            if (second < lowest || second > highest) {
                return false;
            }
            for (int i = 1; i < more; i++) {
                if ((bytes.getByte(at + i) & 0xC0) != 0x80) {
                    return false;
                }
            }
            at += more;
        }
        return true;
    }
}
