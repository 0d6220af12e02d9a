/**
 * Rows and tables on an output.
 *
 * <p>In: frames and batches. Out: lines of JSON, CSV, or an aligned table. Start with {@link org.arrownpz.cli.print.Rows};
 * tables that fit a terminal are {@link org.arrownpz.cli.print.Grid}s, tables of any width
 * {@link org.arrownpz.cli.print.TextTable}s.
 */
@NullMarked
package org.arrownpz.cli.print;

import org.jspecify.annotations.NullMarked;
