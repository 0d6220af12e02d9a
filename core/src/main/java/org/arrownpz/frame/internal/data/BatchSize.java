package org.arrownpz.frame.internal.data;

/** The number of rows of a batch where nobody says. */
final class BatchSize {
    /** Of frames that are longer than a root. */
    static final int LONG_FRAME_ROWS = Integer.MAX_VALUE - 8;

    /** The bytes that are converted at once, before more would come at the cost of memory. */
    private static final long LARGEST_WHOLE = 128L << 20;

    private static final long BATCH_BYTES = 32L << 20;
    private static final long LEAST_ROWS = 1 << 10;

    private BatchSize() {}

    /**
     * Rows of a batch.
     *
     * @param converted bytes of the rows that take memory of their own
     */
    static int of(long rows, long converted) {
        if (converted <= LARGEST_WHOLE) {
            return (int) Math.min(rows, LONG_FRAME_ROWS);
        }
        long wanted = Math.max(LEAST_ROWS, (long) (rows * (double) BATCH_BYTES / converted));
        // A multiple of 8, so that bitmaps are shared and not shifted.
        return (int) Math.min(rows, Math.min(wanted, LONG_FRAME_ROWS) & ~7L);
    }
}
