/**
 * Spark's side of reading: which files there are, which of them a query needs, and which task reads what.
 *
 * <p>In: the directory's {@link org.arrownpz.spark.internal.scan.Catalog}, selected columns and conditions. Out: partitions
 * for the executors, and batches from each. Start with {@link org.arrownpz.spark.internal.scan.NpzScanBuilder} for
 * planning, with {@link org.arrownpz.spark.internal.scan.NpzPartitionReader} for what a task does.
 */
@NullMarked
package org.arrownpz.spark.internal.scan;

import org.jspecify.annotations.NullMarked;
