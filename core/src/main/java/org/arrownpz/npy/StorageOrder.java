package org.arrownpz.npy;

/**
 * Memory order of an array's elements; without meaning below two dimensions.
 *
 * <p>Immutable and safe for use by several threads.
 */
public enum StorageOrder {
    /** Row-major: the last index runs fastest. */
    C,
    /** Column-major: the first index runs fastest, so that columns are contiguous. */
    FORTRAN
}
