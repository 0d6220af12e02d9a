/**
 * Arrays in, Arrow vectors out: views where the layout allows it, kernels where it does not. Start at
 * {@link org.arrownpz.vector.read.VectorReader}.
 */
@NullMarked
package org.arrownpz.vector.read;

import org.jspecify.annotations.NullMarked;
