package org.arrownpz.npy;

import org.arrownpz.dtype.DType;

/**
 * The header of one NPY array (NEP 1).
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param major format version, 1 to 3 (the minor version is always 0)
 * @param dtype the element type
 * @param shape the lengths of the dimensions
 * @param order the element order as stated; without meaning below two dimensions
 * @param dataOffset bytes from the magic to the first element
 * @param dataLength bytes of all elements
 */
public record NpyHeader(int major, DType dtype, Shape shape, StorageOrder order, int dataOffset, long dataLength) {
    /** Whether each column of a 2-D array, or the one column of any other, is contiguous. */
    public boolean columnsContiguous() {
        return shape.dimensions() != 2 || order == StorageOrder.FORTRAN || shape.length(0) <= 1 || shape.length(1) <= 1;
    }
}
