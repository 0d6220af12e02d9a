package org.arrownpz.parquet.internal.write;

import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * The values of a chunk: those of the page that is open, and the dictionary. A chunk starts with a dictionary, and goes
 * on without where that does not pay, or grows too large.
 */
abstract class ChunkValues {
    /** Values that are read at a time. */
    static final int PIECE = 1 << 13;

    /** A dictionary that is longer takes no more entries. */
    private static final int MAX_DICTIONARY_BYTES = 1 << 20;

    /** Pages that are longer are full. */
    static final int PAGE_BYTES = 1 << 20;

    static final int PLAIN = 0;
    static final int RLE_DICTIONARY = 8;

    final Leaf leaf;
    final Bytes plain = new Bytes();
    final Limits limits;
    /** Null where the chunk has none, or never had. */
    @Nullable
    Entries entries;

    /** Whether the open page holds indices. */
    boolean encoded;

    /** Whether the dictionary is that of the vector, which is kept as it is. */
    boolean given;

    private int[] indices = {};
    private int count;
    private boolean written;

    ChunkValues(Leaf leaf, boolean dictionary) {
        this.leaf = leaf;
        this.limits = new Limits(leaf);
        this.encoded = dictionary && leaf.physical() != Leaf.Physical.BOOLEAN;
        this.entries = encoded ? new Entries() : null;
    }

    /**
     * Adds the values of entries to the open page.
     *
     * @param places where the values are in the vector, or null where they follow each other from {@code start}
     * @param from the first entry
     * @return the end of the entries that were added: fewer where their values are long
     */
    abstract int add(FieldVector vector, int start, int @Nullable [] places, int from, int to) throws NpzException;

    /** Bytes that an entry takes in a page. */
    abstract long plainBytes(int entry);

    abstract void putPlain(int entry, Bytes out);

    abstract void limit(int entry);

    abstract long dictionaryBytes();

    /** Makes room for so many more indices. */
    void indexRoom(int more) {
        if (count + more > indices.length) {
            indices = Arrays.copyOf(indices, Math.max(count + more, Math.multiplyExact(2, indices.length)));
        }
    }

    void putIndex(int entry) {
        indices[count++] = entry;
    }

    /** Bytes of the page's values or indices, and of the dictionary. */
    long openBytes() {
        return plain.size() + (long) Integer.BYTES * count + (encoded && !given ? dictionaryBytes() : 0);
    }

    /** Whether the page holds more than a page should. */
    boolean isFull() {
        return plain.size() >= PAGE_BYTES || encoded && !given && dictionaryBytes() > MAX_DICTIONARY_BYTES;
    }

    /** Appends the page's values, and empties it; returns their encoding. */
    int endPage(Bytes out) {
        Entries known = entries;
        if (known == null || !encoded) {
            putPlain(out);
            plain.clear();
            return PLAIN;
        }
        if (!written && !given && !pays(known)) {
            decode();
            endChunk();
            entries = null;
            return endPage(out);
        }
        int width = bits(known);
        out.put(width);
        HybridRuns.encode(indices, count, width, out);
        count = 0;
        written = true;
        encoded = given || dictionaryBytes() <= MAX_DICTIONARY_BYTES;
        return RLE_DICTIONARY;
    }

    /** Goes on without indices, in the open page too. */
    final void decode() {
        for (int i = 0; i < count; i++) {
            putPlain(indices[i], plain);
        }
        count = 0;
        indices = new int[] {};
        encoded = false;
    }

    private boolean pays(Entries known) {
        long bytes = (long) count * bits(known) / Byte.SIZE;
        long without = 0;
        for (int i = 0; i < count; i++) {
            without += plainBytes(indices[i]);
        }
        // Indices almost as long as the values, as of float16, grow with the next pages, and take all time.
        return count == 0 || bytes + dictionaryBytes() < without && bytes < without - without / 4;
    }

    /** Bits of an index; some readers know no indices of none. */
    private static int bits(Entries known) {
        return Math.max(1, HybridRuns.bits(Math.max(0, known.count() - 1)));
    }

    private void putPlain(Bytes out) {
        if (leaf.physical() != Leaf.Physical.BOOLEAN) {
            out.put(plain);
            return;
        }
        byte[] bits = plain.array();
        for (int from = 0; from < plain.size(); from += Byte.SIZE) {
            int packed = 0;
            for (int i = from; i < Math.min(plain.size(), from + Byte.SIZE); i++) {
                packed |= bits[i] << i - from;
            }
            out.put(packed);
        }
    }

    /** The dictionary of the pages so far, or null where none has indices. */
    @Nullable
    Entries dictionary() {
        return written ? entries : null;
    }

    /** Takes the dictionary into the limits; to be called once, after the last page. */
    void endChunk() {
        for (int entry = 0; entries != null && entry < entries.count(); entry++) {
            limit(entry);
        }
    }
}
