/**
 * Parquet, CSV and JSON lines, through Arrow's native dataset library. Frames and readers come in, files go out, and the
 * other way round. Start at {@link org.arrownpz.parquet.Parquet} and {@link org.arrownpz.parquet.TextFiles}.
 */
@NullMarked
package org.arrownpz.parquet;

import org.jspecify.annotations.NullMarked;
