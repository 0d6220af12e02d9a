package org.arrownpz.dtype;

/**
 * A NumPy data type: a scalar, a record, or a sub-array (only inside records). Values are immutable; equality is that
 * of the {@code descr}.
 */
public sealed interface DType permits ScalarDType, StructDType, SubarrayDType {
    /** Bytes of one element; 0 for {@code U0}, {@code S0} and {@code V0}. */
    long itemSize();

    /** The Python literal that NumPy writes as {@code descr}, for instance {@code '<i8'} with its quotes. */
    String descr();
}
