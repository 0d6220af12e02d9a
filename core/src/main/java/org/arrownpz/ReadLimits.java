package org.arrownpz;

import java.util.Arrays;

/**
 * Upper bounds on what a file may ask for, checked before memory is taken. Instances are immutable: start from
 * {@link #defaults()} and change with the {@code with…} methods, which refuse values out of range with an
 * {@link IllegalArgumentException}.
 */
public final class ReadLimits {
    /** No header may be longer than this, whatever {@link #headerCharacters()} says. */
    public static final int HARD_HEADER_CHARACTERS = 4 << 20;

    private static final long ARRAY_BYTES = Integer.MAX_VALUE - 8;

    private enum Limit {
        HEADER_CHARACTERS(10_000, HARD_HEADER_CHARACTERS),
        HEADER_NESTING(32, 256),
        DIMENSIONS(64, 64),
        RECORD_FIELDS(1000, Integer.MAX_VALUE),
        JSON_NESTING(100, 1000),
        METADATA_BYTES(16L << 20, ARRAY_BYTES),
        MEMBERS(1_000_000, ARRAY_BYTES),
        EMPTY_COLUMNS(4096, ARRAY_BYTES),
        DIRECTORY_BYTES(256L << 20, ARRAY_BYTES),
        LABEL_BYTES(64L << 20, ARRAY_BYTES),
        INFLATED_BYTES(Long.MAX_VALUE, Long.MAX_VALUE);

        private final long initial;
        private final long max;

        Limit(long initial, long max) {
            this.initial = initial;
            this.max = max;
        }
    }

    private static final ReadLimits DEFAULTS = new ReadLimits(
            Arrays.stream(Limit.values()).mapToLong(limit -> limit.initial).toArray());

    private final long[] values;

    private ReadLimits(long[] values) {
        this.values = values;
    }

    /** The defaults that {@code SECURITY.md} lists. */
    public static ReadLimits defaults() {
        return DEFAULTS;
    }

    private ReadLimits with(Limit limit, long value) {
        long min = limit == Limit.INFLATED_BYTES ? 0 : 1;
        if (value < min || value > limit.max) {
            throw new IllegalArgumentException(limit + " is from " + min + " to " + limit.max + ", not " + value);
        }
        long[] changed = values.clone();
        changed[limit.ordinal()] = value;
        return new ReadLimits(changed);
    }

    private long get(Limit limit) {
        return values[limit.ordinal()];
    }

    /** The most characters of an NPY header (NumPy's own default is 10,000). */
    public int headerCharacters() {
        return (int) get(Limit.HEADER_CHARACTERS);
    }

    /** Changes {@link #headerCharacters()}. */
    public ReadLimits withHeaderCharacters(int value) {
        return with(Limit.HEADER_CHARACTERS, value);
    }

    /** The greatest depth of brackets in an NPY header. */
    public int headerNesting() {
        return (int) get(Limit.HEADER_NESTING);
    }

    /** Changes {@link #headerNesting()}. */
    public ReadLimits withHeaderNesting(int value) {
        return with(Limit.HEADER_NESTING, value);
    }

    /** The most dimensions of an array (NumPy 2 has at most 64). */
    public int dimensions() {
        return (int) get(Limit.DIMENSIONS);
    }

    /** Changes {@link #dimensions()}. */
    public ReadLimits withDimensions(int value) {
        return with(Limit.DIMENSIONS, value);
    }

    /** The most fields of a record dtype, nested ones included. */
    public int recordFields() {
        return (int) get(Limit.RECORD_FIELDS);
    }

    /** Changes {@link #recordFields()}. */
    public ReadLimits withRecordFields(int value) {
        return with(Limit.RECORD_FIELDS, value);
    }

    /** The greatest depth of {@code __meta__.json}. */
    public int jsonNesting() {
        return (int) get(Limit.JSON_NESTING);
    }

    /** Changes {@link #jsonNesting()}. */
    public ReadLimits withJsonNesting(int value) {
        return with(Limit.JSON_NESTING, value);
    }

    /** The greatest size of {@code __meta__.json}. */
    public long metadataBytes() {
        return get(Limit.METADATA_BYTES);
    }

    /** Changes {@link #metadataBytes()}. */
    public ReadLimits withMetadataBytes(long value) {
        return with(Limit.METADATA_BYTES, value);
    }

    /** The most members of an archive, and columns of a frame. */
    public long members() {
        return get(Limit.MEMBERS);
    }

    /** Changes {@link #members()}. */
    public ReadLimits withMembers(long value) {
        return with(Limit.MEMBERS, value);
    }

    /**
     * The most columns of which a file holds neither a byte nor a label: each costs some kilobytes of heap by the word of
     * a header alone. A single array of more is read as one column of lists, a frame of more is refused.
     */
    public long emptyColumns() {
        return get(Limit.EMPTY_COLUMNS);
    }

    /** Changes {@link #emptyColumns()}. */
    public ReadLimits withEmptyColumns(long value) {
        return with(Limit.EMPTY_COLUMNS, value);
    }

    /** The greatest size of an archive's central directory. */
    public long directoryBytes() {
        return get(Limit.DIRECTORY_BYTES);
    }

    /** Changes {@link #directoryBytes()}. */
    public ReadLimits withDirectoryBytes(long value) {
        return with(Limit.DIRECTORY_BYTES, value);
    }

    /** The greatest size of the label arrays of a frame's columns, which become Java strings. */
    public long labelBytes() {
        return get(Limit.LABEL_BYTES);
    }

    /** Changes {@link #labelBytes()}. */
    public ReadLimits withLabelBytes(long value) {
        return with(Limit.LABEL_BYTES, value);
    }

    /** The most bytes that all deflated members of one archive may grow to; the allocator's own limit holds too. */
    public long inflatedBytes() {
        return get(Limit.INFLATED_BYTES);
    }

    /** Changes {@link #inflatedBytes()}. */
    public ReadLimits withInflatedBytes(long value) {
        return with(Limit.INFLATED_BYTES, value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReadLimits limits && Arrays.equals(values, limits.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("ReadLimits[");
        for (Limit limit : Limit.values()) {
            text.append(limit.ordinal() == 0 ? "" : ", ")
                    .append(limit)
                    .append('=')
                    .append(get(limit));
        }
        return text.append(']').toString();
    }
}
