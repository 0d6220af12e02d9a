/** Parquet, through Arrow's native dataset library. */
@NullMarked
package org.arrownpz.parquet;

import org.jspecify.annotations.NullMarked;
