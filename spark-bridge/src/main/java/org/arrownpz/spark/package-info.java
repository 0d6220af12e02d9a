/**
 * NPZ files as the data source {@code npz} of Apache Spark. Spark finds {@link org.arrownpz.spark.NpzDataSource} by name,
 * whose Javadoc lists the options; tables, scans and writes are in {@code internal}.
 */
@NullMarked
package org.arrownpz.spark;

import org.jspecify.annotations.NullMarked;
