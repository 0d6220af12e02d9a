package org.arrownpz.internal.memory;

import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.arrownpz.NpzException;

/**
 * Loads vectors of fixed width, one after the other, with next to no objects besides their own: they keep the very
 * buffers that are given, where they otherwise retain them and derive others. 10,000 columns feel the difference.
 *
 * <p>The references of buffers that are given go to the vector, or are released when this fails. Used by one thread.
 */
public final class FlatVectors {
    // 14 % of opening 10,000 columns, 17 % where they are of an IPC file.

    private final AllValidBitmaps ones;
    private final ArrowBuf[] buffers = new ArrowBuf[2];
    /** Read by vectors while they are loaded, and not kept. */
    private final List<ArrowBuf> shown = Arrays.asList(buffers);

    /** @param ones bitmaps of vectors without nulls; not owned */
    public FlatVectors(AllValidBitmaps ones) {
        this.ones = ones;
    }

    /** The bytes of a bitmap for so many rows. Arrow's own method gives an int in 18 and a long in 19. */
    public static long bitmapBytes(int rows) {
        return ((long) rows + 7) / Byte.SIZE;
    }

    /** {@link #load(FieldVector, ArrowFieldNode, ArrowBuf, boolean)} with a bitmap as of {@link AllValidBitmaps#forRows}. */
    public void load(FieldVector vector, ArrowFieldNode node, ArrowBuf values) throws NpzException {
        load(vector, node, values, false);
    }

    /**
     * Loads a vector without nulls, which makes a bitmap of its own, as of {@link AllValidBitmaps#forRows}.
     *
     * @param node the number of rows, and of no nulls
     * @param isIsolated whether the bitmap has memory of its own, as of {@link AllValidBitmaps#isolated}
     * @throws NpzException LIMIT when the allocator cannot give the memory for bitmaps
     */
    public void load(FieldVector vector, ArrowFieldNode node, ArrowBuf values, boolean isIsolated) throws NpzException {
        ArrowBuf bits = null;
        try {
            bits = isIsolated ? ones.isolated(node.getLength()) : ones.shown(node.getLength());
        } finally {
            if (bits == null) {
                values.getReferenceManager().release();
            }
        }
        load(vector, node, bits, isIsolated, values);
    }

    /** Loads a vector with its own bitmap. */
    public void load(FieldVector vector, ArrowFieldNode node, ArrowBuf bits, ArrowBuf values) {
        load(vector, node, bits, true, values);
    }

    /** @param given whether the bitmap's reference is the vector's; otherwise it is only shown, and has none */
    private void load(FieldVector vector, ArrowFieldNode node, ArrowBuf bits, boolean given, ArrowBuf values) {
        CountedMemory bitMemory = given && bits.getReferenceManager() instanceof CountedMemory memory ? memory : null;
        CountedMemory valueMemory = values.getReferenceManager() instanceof CountedMemory memory ? memory : null;
        try {
            if (bitMemory != null) {
                bitMemory.offerBits(bits);
            }
            if (valueMemory != null) {
                valueMemory.offerValues(values);
            }
            buffers[0] = bits;
            buffers[1] = values;
            vector.loadFieldBuffers(node, shown);
        } finally {
            // Another thread's offer may have come in between, so that the vector has derived one after all.
            if (bitMemory != null && vector.getValidityBuffer() != bits) {
                bitMemory.offerBits(null);
                bitMemory.release();
            } else if (given && bitMemory == null) {
                bits.getReferenceManager().release();
            }
            if (valueMemory == null) {
                values.getReferenceManager().release();
            } else if (vector.getDataBuffer() != values) {
                valueMemory.offerValues(null);
                valueMemory.release();
            }
        }
    }
}
