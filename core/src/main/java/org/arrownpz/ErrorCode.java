package org.arrownpz;

/**
 * Stable codes of everything that can be wrong with a file. Programs may switch over them; names and meanings do not
 * change between releases, new codes may be added.
 *
 * <p>Immutable and safe for use by several threads.
 */
public enum ErrorCode {
    /** The NPY magic bytes are absent. */
    MAGIC,
    /** An NPY format version other than 1.0, 2.0 and 3.0. */
    VERSION,
    /** The NPY header length does not fit the file. */
    HEADER_LENGTH,
    /** The NPY header is not text in the encoding of its version. */
    HEADER_ENCODING,
    /** The NPY header is not the Python literal it must be. */
    HEADER_SYNTAX,
    /** The NPY header's keys are not exactly descr, fortran_order and shape, or one has a wrong type. */
    HEADER_KEYS,
    /** The shape is not a tuple of lengths. */
    SHAPE,
    /** Element count or byte count does not fit 64 bits. */
    SIZE_OVERFLOW,
    /** The {@code descr} is no NumPy dtype this library knows. */
    DTYPE,
    /** The array holds pickled Python objects, which are never read. */
    OBJECT_DTYPE,
    /** Fewer bytes than shape and dtype ask for. */
    DATA_TRUNCATED,
    /** More bytes than shape and dtype ask for, where that is not allowed. */
    DATA_TRAILING,
    /** A value that cannot be what its type says, such as a code point above U+10FFFF. */
    VALUE,
    /** The array is sound but of another dtype than the caller asked for. */
    ARRAY_DTYPE,
    /** The array is sound but of another shape than the caller asked for. */
    ARRAY_SHAPE,

    /** The archive's end record, directory or tiling is broken. */
    ZIP_STRUCTURE,
    /** Local header and central directory disagree. */
    ZIP_LOCAL_CENTRAL,
    /** Two members, or a member and the directory, share bytes. */
    ZIP_OVERLAP,
    /** Two members have one name or one key. */
    ZIP_DUPLICATE,
    /** A member name that is not usable or not safe. */
    ZIP_NAME,
    /** Stated and actual size of a member differ. */
    ZIP_SIZE,
    /** A deflate stream is broken. */
    ZIP_DATA,
    /** A checksum does not match. */
    ZIP_CRC,
    /** A compression method other than stored and deflated. */
    ZIP_UNSUPPORTED,
    /** An encrypted or masked member. */
    ZIP_ENCRYPTED,

    /** Frame metadata is not one JSON document. */
    META_JSON,
    /** Frame metadata lacks keys or has wrong types, counts or names. */
    META_SCHEMA,
    /** A member that the metadata counts is absent. */
    META_MISSING,
    /** A frame member that the metadata does not count is present. */
    META_EXTRA,
    /** Row or column counts of a frame's arrays do not agree. */
    FRAME_SHAPE,
    /** Labels are duplicated or do not fit their index class. */
    FRAME_LABELS,

    /** A limit of {@link ReadLimits} or of the allocator is exceeded. */
    LIMIT,
    /** The operating system refused, or the path names no such file. */
    IO,
    /** The file changed while it was in use. */
    FILE_CHANGED,
    /** The process that ran a SQL statement ended by itself. */
    INTERNAL;
}
