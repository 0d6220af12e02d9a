package org.arrownpz;

/**
 * The treatment of a column that holds a value its {@link TypeMapping#ARROW} type cannot hold.
 *
 * <p>Immutable and safe for use by several threads.
 */
public enum MisfitPolicy {
    /**
     * The whole column keeps its {@link TypeMapping#STORAGE} form, and the report gives the reason. Times of either byte
     * order become 64-bit integers.
     */
    KEEP_STORAGE,
    /** Reading fails with VALUE, naming the element. For pipelines whose schema must follow from headers alone. */
    REFUSE
}
