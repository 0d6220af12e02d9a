/** Parquet, through Arrow's native dataset library. */
@NullMarked
package org.arrownpz.dataset;

import org.jspecify.annotations.NullMarked;
