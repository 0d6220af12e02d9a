/**
 * The Parquet writer: Arrow vectors in, pages, column chunks and a footer out. Vectors are read by copies of short
 * ranges, so that a mapped file that is cut short is an error of its own. Start at FileEncoder.
 */
@NullMarked
package org.arrownpz.parquet.internal.write;

import org.jspecify.annotations.NullMarked;
