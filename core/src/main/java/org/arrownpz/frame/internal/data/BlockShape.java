package org.arrownpz.frame.internal.data;

/**
 * The adjacent columns that one block holds.
 *
 * @param width the number of columns
 * @param flat whether the block is a 1-D array (of one column)
 */
public record BlockShape(int width, boolean flat) {
    /** One column as a 1-D array. */
    public static final BlockShape COLUMN = new BlockShape(1, true);

    public BlockShape {
        if (width < 0 || (flat && width != 1)) {
            throw new IllegalArgumentException("no block has this shape");
        }
    }
}
