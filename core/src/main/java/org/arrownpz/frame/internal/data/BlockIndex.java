package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/** The columns of a frame's blocks of one and two dimensions, one after the other: which block holds which. */
public final class BlockIndex implements ColumnSource {
    private final List<NumpyArray> blocks;
    private final List<String> names;
    private final int[] firsts;
    private final int count;

    public BlockIndex(List<NumpyArray> blocks, List<String> names) {
        this.blocks = blocks;
        this.names = names;
        this.firsts = new int[blocks.size()];
        int first = 0;
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = first;
            first += width(blocks.get(i));
        }
        this.count = first;
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
    public ColumnSource source(int block, int[] columns) {
        NumpyArray array = blocks.get(block);
        int first = firsts[block];
        if (array.header().shape().dimensions() == 1) {
            return ColumnSource.ofArray(array, names.get(first));
        }
        int[] positions = Arrays.stream(columns).map(column -> column - first).toArray();
        return ColumnSource.ofBlock(array, position -> names.get(first + position), positions);
    }

    /** The columns at these positions: neighbours from one block together, so that a transpose is done once. */
    private List<ColumnSource> runs(int[] wanted) {
        List<ColumnSource> sources = new ArrayList<>();
        int next = 0;
        while (next < wanted.length) {
            int block = block(wanted[next]);
            int end = next + 1;
            while (end < wanted.length && block(wanted[end]) == block) {
                end++;
            }
            sources.add(source(block, Arrays.copyOfRange(wanted, next, end)));
            next = end;
        }
        return sources;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public void read(
            VectorReader reader, AllValidBitmaps ones, int @Nullable [] wanted, Rows rows, List<FieldVector> vectors)
            throws NpzException {
        if (wanted != null) {
            for (ColumnSource source : runs(wanted)) {
                source.read(reader, ones, null, rows, vectors);
            }
            return;
        }
        for (int i = 0; i < firsts.length; i++) {
            NumpyArray block = blocks.get(i);
            int first = firsts[i];
            if (block.header().shape().dimensions() == 1) {
                vectors.add(reader.readRows(block, names.get(first), rows));
            } else {
                vectors.addAll(reader.readColumns(block, position -> names.get(first + position), null, rows));
            }
        }
    }

    @Override
    public void outline(ColumnOutline columns, int @Nullable [] wanted) throws NpzException {
        if (wanted != null) {
            for (ColumnSource source : runs(wanted)) {
                source.outline(columns, null);
            }
            return;
        }
        for (int i = 0; i < firsts.length; i++) {
            NumpyArray block = blocks.get(i);
            int first = firsts[i];
            if (block.header().shape().dimensions() == 1) {
                columns.array(block, names.get(first));
            } else {
                columns.block(block, position -> names.get(first + position), null);
            }
        }
    }

    @Override
    public void arrays(int @Nullable [] wanted, Consumer<NumpyArray> arrays) {
        if (wanted == null) {
            blocks.forEach(arrays);
        } else {
            runs(wanted).forEach(source -> source.arrays(null, arrays));
        }
    }
}
