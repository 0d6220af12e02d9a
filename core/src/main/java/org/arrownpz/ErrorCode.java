package org.arrownpz;

/**
 * Stable codes of everything that can be wrong with a file. Programs may switch over them; names and meanings do not
 * change between releases, new codes may be added.
 *
 * <p>Immutable and safe for use by several threads.
 */
public enum ErrorCode {
    /** The NPY magic bytes are absent. */
    MAGIC(Layer.NPY),
    /** An NPY format version other than 1.0, 2.0 and 3.0. */
    VERSION(Layer.NPY),
    /** The NPY header length does not fit the file. */
    HEADER_LENGTH(Layer.NPY),
    /** The NPY header is not text in the encoding of its version. */
    HEADER_ENCODING(Layer.NPY),
    /** The NPY header is not the Python literal it must be. */
    HEADER_SYNTAX(Layer.NPY),
    /** The NPY header's keys are not exactly descr, fortran_order and shape, or one has a wrong type. */
    HEADER_KEYS(Layer.NPY),
    /** The shape is not a tuple of lengths. */
    SHAPE(Layer.NPY),
    /** Element count or byte count does not fit 64 bits. */
    SIZE_OVERFLOW(Layer.NPY),
    /** The {@code descr} is no NumPy dtype this library knows. */
    DTYPE(Layer.NPY),
    /** The array holds pickled Python objects, which are never read. */
    OBJECT_DTYPE(Layer.NPY),
    /** Fewer bytes than shape and dtype ask for. */
    DATA_TRUNCATED(Layer.NPY),
    /** More bytes than shape and dtype ask for, where that is not allowed. */
    DATA_TRAILING(Layer.NPY),
    /** A value that cannot be what its type says, such as a code point above U+10FFFF. */
    VALUE(Layer.NPY),
    /** The array is sound but of another dtype than the caller asked for. */
    ARRAY_DTYPE(Layer.NPY),
    /** The array is sound but of another shape than the caller asked for. */
    ARRAY_SHAPE(Layer.NPY),

    /** The archive's end record, directory or tiling is broken. */
    ZIP_STRUCTURE(Layer.ZIP),
    /** Local header and central directory disagree. */
    ZIP_LOCAL_CENTRAL(Layer.ZIP),
    /** Two members, or a member and the directory, share bytes. */
    ZIP_OVERLAP(Layer.ZIP),
    /** Two members have one name or one key. */
    ZIP_DUPLICATE(Layer.ZIP),
    /** A member name that is not usable or not safe. */
    ZIP_NAME(Layer.ZIP),
    /** Stated and actual size of a member differ. */
    ZIP_SIZE(Layer.ZIP),
    /** A deflate stream is broken. */
    ZIP_DATA(Layer.ZIP),
    /** A checksum does not match. */
    ZIP_CRC(Layer.ZIP),
    /** A compression method other than stored and deflated. */
    ZIP_UNSUPPORTED(Layer.ZIP),
    /** An encrypted or masked member. */
    ZIP_ENCRYPTED(Layer.ZIP),

    /** Frame metadata is not one JSON document. */
    META_JSON(Layer.FRAME),
    /** Frame metadata lacks keys or has wrong types, counts or names. */
    META_SCHEMA(Layer.FRAME),
    /** A member that the metadata counts is absent. */
    META_MISSING(Layer.FRAME),
    /** A frame member that the metadata does not count is present. */
    META_EXTRA(Layer.FRAME),
    /** Row or column counts of a frame's arrays do not agree. */
    FRAME_SHAPE(Layer.FRAME),
    /** Labels are duplicated or do not fit their index class. */
    FRAME_LABELS(Layer.FRAME),

    /** A limit of {@link ReadLimits} or of the allocator is exceeded. */
    LIMIT(Layer.LIMIT),
    /** The operating system refused, or the path is not what it should be. */
    IO(Layer.STORAGE),
    /** The file changed while it was in use. */
    FILE_CHANGED(Layer.STORAGE),
    /** The process that ran a SQL statement ended by itself. */
    INTERNAL(Layer.STORAGE);

    enum Layer {
        NPY,
        ZIP,
        FRAME,
        LIMIT,
        STORAGE
    }

    private final Layer layer;

    ErrorCode(Layer layer) {
        this.layer = layer;
    }

    Layer layer() {
        return layer;
    }
}
