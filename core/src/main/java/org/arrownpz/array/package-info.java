/**
 * NumPy arrays without a table: {@link org.arrownpz.array.Npz} and {@link org.arrownpz.array.Npy} save Java arrays, buffers
 * and Arrow vectors as {@code np.savez} and {@code np.save} do, and load them as {@link org.arrownpz.npy.NumpyArray}s. Above
 * archives and vectors, which do not know each other, since what is saved may be either.
 */
@NullMarked
package org.arrownpz.array;

import org.jspecify.annotations.NullMarked;
