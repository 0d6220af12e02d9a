package org.arrownpz;

/** How the bytes of a file become memory. */
public enum Mapping {
    /** Mapped read-only: nothing is copied, and writing into a vector ends the JVM. */
    READ_ONLY,
    /** Mapped copy-on-write: vectors may be written to, the file never changes. Needs a writable file and memory. */
    COPY_ON_WRITE,
    /** Copied into allocator memory: writable, and immune against later changes of the file. */
    COPY
}
