/**
 * Picked rows of vectors of every type, scratch memory for that, and vectors as a second holder of their memory. Vectors
 * and row numbers come in, vectors and buffers go out. Not API.
 */
@NullMarked
package org.arrownpz.vector.internal.gather;

import org.jspecify.annotations.NullMarked;
