package org.arrownpz;

/** What a written NPZ file is. Immutable and safe for use by several threads. */
public enum ArchiveForm {
    /** What the frame was read from: a plain archive stays one, everything else becomes a frame. */
    AS_READ,
    /** StaticFrame's layout with labels and metadata. */
    FRAME,
    /** One array per column, as {@code np.savez} writes it; refused where a column is none, and index labels are lost. */
    ARRAYS
}
