package org.arrownpz.npy;

/** Memory order of an array's elements; without meaning below two dimensions. */
public enum StorageOrder {
    /** Row-major: the last index runs fastest. */
    C,
    /** Column-major: the first index runs fastest, so that columns are contiguous. */
    FORTRAN
}
