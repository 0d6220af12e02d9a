/**
 * One NPY array (NEP 1): its header, where its elements lie, and slices of it. A
 * {@link org.arrownpz.io.ByteSource} comes in, an {@link org.arrownpz.npy.NumpyArray} goes out; writers take an
 * {@link org.arrownpz.npy.ArrayContent}. Start at {@link org.arrownpz.npy.NpyHeaderReader}.
 */
@NullMarked
package org.arrownpz.npy;

import org.jspecify.annotations.NullMarked;
