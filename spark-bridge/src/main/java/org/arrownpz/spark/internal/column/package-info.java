/**
 * Spark columns over Arrow vectors, without a copy.
 *
 * <p>In: an Arrow vector. Out: a column of the Spark type that {@link org.arrownpz.spark.internal.column.SparkTypes} gives
 * its field. A column owns nothing: it ends when its vector is closed. Start with
 * {@link org.arrownpz.spark.internal.column.Columns}; a new Arrow type needs a case there and one in {@code SparkTypes}.
 */
@NullMarked
package org.arrownpz.spark.internal.column;

import org.jspecify.annotations.NullMarked;
