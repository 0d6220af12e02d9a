/**
 * Arrow vectors in, NumPy arrays out: which dtype holds a column without loss, and the bytes of its elements. Start at
 * {@link org.arrownpz.vector.internal.encode.ColumnEncoder}. Not API.
 */
@NullMarked
package org.arrownpz.vector.internal.encode;

import org.jspecify.annotations.NullMarked;
