package org.arrownpz.parquet.internal.write;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/**
 * The values of a chunk: those of the page that is open, and the dictionary. A chunk starts with a dictionary, and goes
 * on without where that does not pay, or grows too large, in the encoding that is the smallest for a part of the page.
 */
abstract class ChunkValues {
    /** Values that are read at a time. */
    static final int PIECE = 1 << 13;

    /** Dictionaries of vectors that are longer are not kept. */
    private static final long MAX_GIVEN_BYTES = 64 << 20;

    /** A dictionary that is longer takes no more entries. */
    private static final int MAX_DICTIONARY_BYTES = 1 << 20;

    /** Pages that are longer are full. */
    static final int PAGE_BYTES = 1 << 20;

    /** So many values of which so large a part is different have no use of a dictionary. */
    private static final int MANY = 1 << 14;

    private static final double DIFFERENT = 0.9;
    /** Bytes of a page that are tried in all encodings, and those below which it is not worth it. */
    private static final int SAMPLE = 1 << 15;

    private static final int MIN_SAMPLE = 1 << 9;
    /** Other encodings than the plain one take readers' time: they are to save a tenth. */
    private static final double GAIN = 0.9;
    /** A dictionary saves readers' memory too. */
    private static final double GAIN_OVER_DICTIONARY = 0.75;

    final Leaf leaf;
    final Bytes plain = new Bytes();
    private final PageCodec codec;
    private final @Nullable BloomFilter filter;
    private final DictionaryProvider dictionaries;
    /** Those of the open page. */
    Limits limits;
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
    private final boolean forced;
    /** The encoding of pages without indices, or -1 before it is chosen. */
    private int encoding;
    /** By place in the vector's dictionary: the number of its entry. */
    private int[] entryOf = {};

    private @Nullable FieldVector numbered;

    ChunkValues(Leaf leaf, ColumnChunk.Workspace work, @Nullable BloomFilter filter) {
        Settings settings = work.settings;
        int wanted = leaf.named(settings.encodings, -1);
        this.leaf = leaf;
        this.codec = work.codec;
        this.filter = filter;
        this.dictionaries = work.dictionaries;
        this.limits = new Limits(leaf);
        this.forced = wanted == Encodings.RLE_DICTIONARY;
        this.encoding = forced ? Encodings.PLAIN : wanted;
        boolean tried = settings.dictionary && wanted < 0 && leaf.physical() != Leaf.Physical.BOOLEAN;
        this.encoded = forced || tried;
        this.entries = encoded ? new Entries() : null;
    }

    /** Adds the values of entries to the open page, as {@link #addPlain}; values with a dictionary by their indices. */
    final int add(FieldVector vector, int start, int @Nullable [] places, int from, int to) throws NpzException {
        DictionaryEncoding by = vector.getField().getDictionary();
        if (by != null) {
            return addIndices(vector, dictionaries.lookup(by.getId()).getVector(), start, places, from, to);
        }
        Entries known = entries;
        if (known != null && encoded && !written && !forced && count >= MANY && known.count() > count * DIFFERENT) {
            decode();
            entries = null;
        }
        return addPlain(vector, start, places, from, to);
    }

    /**
     * Adds the values of entries to the open page.
     *
     * @param places where the values are in the vector, or null where they follow each other from {@code start}
     * @param from the first entry
     * @return the end of the entries that were added: fewer where their values are long
     */
    abstract int addPlain(FieldVector vector, int start, int @Nullable [] places, int from, int to) throws NpzException;

    /** Makes entries of a vector's values, in their order; returns their numbers. */
    abstract int[] number(FieldVector values, Entries known) throws NpzException;

    /** Bytes that an entry takes in a page. */
    abstract long plainBytes(int entry);

    abstract void putPlain(int entry, Bytes out);

    abstract void limit(int entry);

    abstract long dictionaryBytes();

    private int addIndices(FieldVector vector, FieldVector values, int start, int @Nullable [] places, int from, int to)
            throws NpzException {
        if (numbered != values) {
            Entries known = entries == null ? new Entries() : entries;
            entries = known;
            given = true;
            entryOf = number(values, known);
            numbered = values;
            if (dictionaryBytes() > MAX_GIVEN_BYTES) {
                decode();
            }
        }
        BaseIntVector indexes = (BaseIntVector) vector;
        indexRoom(to - from);
        long limit = plain.size() + (long) PAGE_BYTES;
        int i = from;
        for (; i < to && plain.size() < limit; i++) {
            int place = places == null ? start + i : places[i];
            if (place >= 0) {
                int entry = entryOf[(int) indexes.getValueAsLong(place)];
                if (encoded) {
                    putIndex(entry);
                } else {
                    limit(entry);
                    putPlain(entry, plain);
                }
            }
        }
        return i;
    }

    /** Makes room for so many more indices. */
    void indexRoom(int more) {
        if (count + more > indices.length) {
            indices = Arrays.copyOf(indices, Math.max(count + more, Math.multiplyExact(2, indices.length)));
        }
    }

    void putIndex(int entry) {
        indices[count++] = entry;
    }

    /** Puts those of numbers. */
    void putIndices(long[] numbers, int more) {
        indexRoom(more);
        Objects.requireNonNull(entries).add(numbers, more, indices, count);
        count += more;
    }

    /** Puts the last index once more. */
    void repeatIndex() {
        putIndex(indices[count - 1]);
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
        if (known != null && encoded && !written && !given && !forced && !pays(known)) {
            decode();
            entries = null;
        }
        if (known == null || !encoded) {
            if (encoding < 0) {
                int size = sampleEnd();
                encoding = smallest(plain.array(), size, packed(Encodings.PLAIN, plain.array(), size) * GAIN);
            }
            Encodings.encode(encoding, leaf, plain.array(), plain.size(), out);
            if (filter != null) {
                filter.add(plain.array(), plain.size());
            }
            plain.clear();
            return encoding;
        }
        limitUsed();
        int width = bits(known);
        out.put(width);
        HybridRuns.encode(indices, count, width, out);
        count = 0;
        written = true;
        encoded = given || dictionaryBytes() <= MAX_DICTIONARY_BYTES;
        return Encodings.RLE_DICTIONARY;
    }

    /** The end of the first values, as many as are tried. */
    private int sampleEnd() {
        int size = Math.min(plain.size(), SAMPLE);
        if (size == plain.size() || leaf.width() > 0) {
            return leaf.width() > 0 ? size - size % leaf.width() : size;
        }
        int end = 0;
        while (end < size) {
            end += Integer.BYTES + (int) Bytes.INT.get(plain.array(), end);
        }
        return end;
    }

    /** The encoding whose bytes are the fewest when compressed, or the plain one where none is below the limit. */
    private int smallest(byte[] values, int size, double limit) {
        int best = Encodings.PLAIN;
        double least = limit;
        for (int candidate : size < MIN_SAMPLE ? List.<Integer>of() : Encodings.candidates(leaf)) {
            int bytes = packed(candidate, values, size);
            if (bytes < least) {
                best = candidate;
                least = bytes;
            }
        }
        return best;
    }

    private int packed(int candidate, byte[] values, int size) {
        Bytes page = new Bytes();
        Encodings.encode(candidate, leaf, values, size, page);
        Bytes packed = new Bytes();
        codec.compress(page, packed);
        return packed.size();
    }

    /** Takes the entries that the open page's indices name into its limits. */
    private void limitUsed() {
        byte[] used = new byte[entries == null ? 0 : entries.count()];
        for (int i = 0; i < count; i++) {
            used[indices[i]] = 1;
        }
        for (int entry = 0; entry < used.length; entry++) {
            if (used[entry] > 0) {
                limit(entry);
            }
        }
    }

    /** Goes on without indices, in the open page too. */
    final void decode() {
        limitUsed();
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
        boolean shorter = count == 0 || bytes + dictionaryBytes() < without && bytes < without - without / 4;
        return shorter && (count == 0 || leaf.physical().isBytes() || encodingFits(known));
    }

    /** Whether no other encoding is far below the dictionary: numbers that count up have short differences. */
    private boolean encodingFits(Entries known) {
        int some = Math.min(count, SAMPLE / leaf.width());
        Bytes values = new Bytes();
        for (int i = 0; i < some; i++) {
            putPlain(indices[i], values);
        }
        Bytes page = new Bytes();
        HybridRuns.encode(indices, some, bits(known), page);
        Bytes packed = new Bytes();
        codec.compress(page, packed);
        double bytes = packed.size() + dictionaryBytes() * (double) some / count / 2;
        return smallest(values.array(), values.size(), bytes * GAIN_OVER_DICTIONARY) == Encodings.PLAIN;
    }

    /** Bits of an index; some readers know no indices of none. */
    private static int bits(Entries known) {
        return Math.max(1, HybridRuns.bits(Math.max(0, known.count() - 1)));
    }

    /** The dictionary of the pages so far, or null where none has indices. */
    @Nullable
    Entries dictionary() {
        return written ? entries : null;
    }

    /** The limits of the page that has ended; the next has its own. */
    Limits takeLimits() {
        Limits taken = limits;
        limits = new Limits(leaf);
        return taken;
    }
}
