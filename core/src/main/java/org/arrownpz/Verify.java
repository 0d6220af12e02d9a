package org.arrownpz;

/**
 * The checks of a file when it is opened; each level includes the ones before it.
 *
 * <p>Immutable and safe for use by several threads.
 */
public enum Verify {
    /** Headers, directory, tiling, sizes and metadata; no page of array data is touched. */
    STRUCTURE,
    /**
     * Also the checksums of stored members (deflated members are always checked) and of Parquet's pages: one pass over the
     * data.
     */
    CRC,
    /** Also the values: code points, and all that Arrow's full validation looks at in what was built. */
    CONTENT
}
