/** NPZ files as a data source of Apache Spark. */
@NullMarked
package org.arrownpz.spark;

import org.jspecify.annotations.NullMarked;
