package org.arrownpz;

/** The strictness with which the members of an archive must fill it. Immutable and safe for use by several threads. */
public enum ZipLayout {
    /** Members, directory and end record tile the file exactly: no prefix, gap or trailing bytes. */
    STRICT,
    /** Prefix, gaps and trailing bytes are ignored; overlap, duplicates and contradictions are still refused. */
    TOLERANT
}
