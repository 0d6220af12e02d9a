/**
 * Columns that directories such as {@code day=2026-11-21} state.
 *
 * <p>Reading takes types and values from the directories' names and answers conditions over them; writing makes the names.
 * Start with {@link org.arrownpz.spark.internal.partition.Partitions} for reading and
 * {@link org.arrownpz.spark.internal.partition.PartitionSpec} for writing.
 */
@NullMarked
package org.arrownpz.spark.internal.partition;

import org.jspecify.annotations.NullMarked;
