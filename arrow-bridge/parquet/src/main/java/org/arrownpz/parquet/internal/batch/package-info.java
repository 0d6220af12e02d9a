/**
 * Batches on their way from the native library: the schema's own types in the place of stored ones. Start at
 * RestoringReader.
 */
@NullMarked
package org.arrownpz.parquet.internal.batch;

import org.jspecify.annotations.NullMarked;
