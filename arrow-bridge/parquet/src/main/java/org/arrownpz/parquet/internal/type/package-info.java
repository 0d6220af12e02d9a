/**
 * Columns of types that Parquet has not: stored as the nearest type that loses nothing, and restored. Vectors in, vectors
 * out. Start at ParquetTypes for the types, at ToStorage and FromStorage for values.
 */
@NullMarked
package org.arrownpz.parquet.internal.type;

import org.jspecify.annotations.NullMarked;
