package org.arrownpz.frame.label;

/** What a frame was read from, and so what it is written back as. Immutable and safe for use by several threads. */
public enum FrameKind {
    /** StaticFrame's layout: blocks, labels and {@code __meta__.json}. */
    FRAME,
    /** A plain archive of arrays, as {@code np.savez} writes it. */
    ARRAYS,
    /** One NPY array. */
    ARRAY
}
