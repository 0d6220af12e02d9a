package org.arrownpz.vector.internal.buffers;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.jspecify.annotations.Nullable;

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
