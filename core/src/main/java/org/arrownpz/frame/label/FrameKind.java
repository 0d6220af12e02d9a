package org.arrownpz.frame.label;

/** The origin of a frame, and so the form it is written back in. Immutable and safe for use by several threads. */
public enum FrameKind {
    /** StaticFrame's layout: blocks, labels and {@code __meta__.json}. */
    FRAME,
    /** A plain archive of arrays, as {@code np.savez} writes it. */
    ARRAYS,
    /** One NPY array. */
    ARRAY
}
