/**
 * Rows and tables on an output.
 *
 * <p>In: frames and batches. Out: lines of JSON, CSV, or an aligned table. Start with {@link org.arrownpz.cli.print.Rows};
 * small tables such as those of statistics are {@link org.arrownpz.cli.print.TextTable}s.
 */
@NullMarked
package org.arrownpz.cli.print;

import org.jspecify.annotations.NullMarked;
