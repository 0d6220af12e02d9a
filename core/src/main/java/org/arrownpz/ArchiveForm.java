package org.arrownpz;

/** The kind of a written NPZ file. Immutable and safe for use by several threads. */
public enum ArchiveForm {
    /**
     * The form that the frame was read from. An array stays one and a plain archive of arrays, too, with dtype and
     * shape; order, too, but for arrays of three dimensions and more in Fortran order whose vectors may have been
     * written to. All else becomes a frame.
     */
    AS_READ,
    /** StaticFrame's layout with labels and metadata. */
    FRAME,
    /** One array per column, as {@code np.savez} writes it; refused where a column is none, and index labels are lost. */
    ARRAYS
}
