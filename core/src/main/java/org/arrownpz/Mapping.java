package org.arrownpz;

/**
 * The way in which the bytes of a file become memory.
 *
 * <p><b>A mapped file must not be cut short or rewritten in place while it is in use;</b> replacing it by rename is safe.
 * What this library itself reads (opening, verifying, converting, packing, copying, serving) notices such a change and
 * fails with FILE_CHANGED. Nothing can be promised to those who read mapped buffers on their own: getters of vectors,
 * native code behind the C Data interface (DuckDB, the Parquet writer), networks that send from buffers. They see the
 * other bytes, and a page that is gone is an {@link InternalError} at some later line of theirs, or ends the process.
 * {@link #COPY} is immune: once a file is open, nothing that happens to it matters.
 *
 * <p>Immutable and safe for use by several threads.
 */
public enum Mapping {
    /** Mapped read-only: nothing is copied, and writing into a vector ends the JVM. */
    READ_ONLY,
    /** Mapped copy-on-write: vectors may be written to, the file never changes. Needs a writable file and memory. */
    COPY_ON_WRITE,
    /** Copied into allocator memory: writable, and immune against later changes of the file. */
    COPY
}
