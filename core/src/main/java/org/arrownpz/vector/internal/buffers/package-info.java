/**
 * Arrow vectors as buffers: their members in {@code __arrow__} files, slices and copies of vectors of every type, and the
 * check of untrusted buffers. Start at {@link org.arrownpz.vector.internal.buffers.VectorSlices} and
 * {@link org.arrownpz.vector.internal.buffers.ArrowColumn}. Not API.
 */
@NullMarked
package org.arrownpz.vector.internal.buffers;

import org.jspecify.annotations.NullMarked;
