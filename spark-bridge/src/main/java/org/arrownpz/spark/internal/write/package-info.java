/**
 * Spark's side of writing: rows become Arrow columns, are packed if asked to, and go into files that appear when the job ends.
 *
 * <p>In: Spark's rows. Out: NPZ files in a hidden directory, which the driver moves into place. Start with
 * {@link org.arrownpz.spark.internal.write.NpzWrite} for the plan, with
 * {@link org.arrownpz.spark.internal.write.NpzBatchWrite} for the commit, with
 * {@link org.arrownpz.spark.internal.write.Appenders} for a new Spark type.
 */
@NullMarked
package org.arrownpz.spark.internal.write;

import org.jspecify.annotations.NullMarked;
