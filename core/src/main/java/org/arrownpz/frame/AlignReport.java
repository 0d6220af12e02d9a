package org.arrownpz.frame;

/**
 * The report of {@link Frames#align}.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param members number of members written, those of inner archives included
 * @param transposed number of two-dimensional arrays that went from C to Fortran order
 * @param inflated number of members that were deflated and are not any more
 */
public record AlignReport(int members, int transposed, int inflated) {}
