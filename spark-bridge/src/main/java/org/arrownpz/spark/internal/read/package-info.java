/**
 * One open file: its headers, and its columns in batches.
 *
 * <p>In: a path and options. Out: a {@link org.arrownpz.spark.internal.read.Head} for planning and
 * {@link org.arrownpz.spark.internal.read.NpzSource.FileColumns} for reading. Arrays are decoded a batch at a time, frames of Arrow
 * buffers are opened once and viewed. Start with {@link org.arrownpz.spark.internal.read.NpzSource}.
 */
@NullMarked
package org.arrownpz.spark.internal.read;

import org.jspecify.annotations.NullMarked;
