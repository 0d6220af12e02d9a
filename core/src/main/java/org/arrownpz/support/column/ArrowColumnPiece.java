package org.arrownpz.support.column;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.vector.internal.encode.ColumnEncoderElement;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.jspecify.annotations.Nullable;

/**
 * A range of rows of one vector, which is unwrapped of extension types.
 *
 * @param chunk which of the column's chunks the vector belongs to
 */
record ArrowColumnPiece(FieldVector vector, long start, long count, int chunk) {
    public ArrowColumnPiece {
        vector = Storage.of(vector);
    }

    @Nullable
    ArrowBuf validity() {
        return ColumnEncoderElement.validity(vector);
    }

    /** The bitmap where a row of the range is null, else null. */
    @Nullable
    ArrowBuf nulls() {
        ArrowBuf bits = validity();
        return bits == null || EncodeBits.countZeros(bits, start, count) == 0 ? null : bits;
    }

    FieldVector child(int index) {
        return vector.getChildrenFromFields().get(index);
    }

    /** A range of rows of a vector of the same chunk. */
    ArrowColumnPiece of(FieldVector child, long first, long rows) {
        return new ArrowColumnPiece(child, first, rows, chunk);
    }

    /** New indices for dictionary-encoded fields where the chunks of a column have dictionaries of their own. */
    @FunctionalInterface
    public interface IndexMaps {
        /** All indices stay as they are. */
        IndexMaps NONE = (chunk, id) -> null;

        /**
         * New indices of one dictionary.
         *
         * @param indices one 32-bit integer for each entry
         * @param entries of the dictionary that the new indices go into
         */
        record IndexMap(ArrowBuf indices, int entries) {}

        /** The new indices of a chunk's dictionary, or null where they stay as they are. */
        @Nullable
        IndexMap of(int chunk, long id);

        default @Nullable IndexMap of(ArrowColumnPiece piece) {
            if (this == NONE) {
                return null;
            }
            DictionaryEncoding encoding = piece.vector().getField().getDictionary();
            return encoding == null ? null : of(piece.chunk(), encoding.getId());
        }
    }
}
