/**
 * Batches on their way to and from the native library: stored types on the way out, the schema's own types on the way
 * back. Start at StorageReader for writing, at RestoringReader for reading.
 */
@NullMarked
package org.arrownpz.parquet.internal.batch;

import org.jspecify.annotations.NullMarked;
