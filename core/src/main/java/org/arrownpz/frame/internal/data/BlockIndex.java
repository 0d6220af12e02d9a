package org.arrownpz.frame.internal.data;

import java.util.Arrays;
import java.util.List;
import org.arrownpz.npy.NumpyArray;

/** Which block holds which column of a frame. */
public final class BlockIndex {
    private final List<NumpyArray> blocks;
    private final int[] firsts;

    public BlockIndex(List<NumpyArray> blocks) {
        this.blocks = blocks;
        this.firsts = new int[blocks.size()];
        int first = 0;
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = first;
            first += width(blocks.get(i));
        }
    }

    private static int width(NumpyArray block) {
        return block.header().shape().dimensions() == 1
                ? 1
                : (int) block.header().shape().length(1);
    }

    /** The block that holds the column. */
    public int block(int column) {
        int found = Arrays.binarySearch(firsts, column);
        if (found < 0) {
            return -found - 2;
        }
        // Blocks without columns share their first column with the next one.
        while (found + 1 < firsts.length && firsts[found + 1] == column) {
            found++;
        }
        return found;
    }

    /** The position of the first column of a block. */
    public int first(int block) {
        return firsts[block];
    }

    /** The columns of one block, by their positions in the frame. */
    public ColumnSource source(int block, int[] columns, List<String> names) {
        NumpyArray array = blocks.get(block);
        int first = firsts[block];
        if (array.header().shape().dimensions() == 1) {
            return ColumnSource.ofArray(array, names.get(first));
        }
        int[] positions = Arrays.stream(columns).map(column -> column - first).toArray();
        return ColumnSource.ofBlock(array, position -> names.get(first + position), positions);
    }
}
