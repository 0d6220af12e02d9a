/**
 * CSV and JSON lines as batches. A file is read twice: once for the columns' types, and then for their values. Start at
 * {@link org.arrownpz.parquet.internal.text.read.TextReader}.
 */
@NullMarked
package org.arrownpz.parquet.internal.text.read;

import org.jspecify.annotations.NullMarked;
