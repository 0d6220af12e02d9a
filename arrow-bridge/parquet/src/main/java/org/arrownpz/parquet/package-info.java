/**
 * Parquet, written by an encoder of its own and read through Arrow's native dataset library. Frames and readers come in, files
 * go out, and the other way round. Start at {@link org.arrownpz.parquet.Parquet}.
 */
@NullMarked
package org.arrownpz.parquet;

import org.jspecify.annotations.NullMarked;
