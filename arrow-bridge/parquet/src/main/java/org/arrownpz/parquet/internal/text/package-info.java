/**
 * CSV and JSON lines out of vectors: {@link org.arrownpz.parquet.internal.text.Cells} chooses the cells of a vector once,
 * a {@link org.arrownpz.parquet.internal.text.CellSink} takes their values, a {@link
 * org.arrownpz.parquet.internal.text.RowPrinter} writes rows. Start with {@code CsvRows}.
 */
@NullMarked
package org.arrownpz.parquet.internal.text;

import org.jspecify.annotations.NullMarked;
