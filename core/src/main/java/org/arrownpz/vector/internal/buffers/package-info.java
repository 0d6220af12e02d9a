/**
 * Buffers of Arrow vectors: slices and copies of vectors of every type, and the check of untrusted buffers. Start at
 * {@link org.arrownpz.vector.internal.buffers.VectorSlices}. Not API.
 */
@NullMarked
package org.arrownpz.vector.internal.buffers;

import org.jspecify.annotations.NullMarked;
