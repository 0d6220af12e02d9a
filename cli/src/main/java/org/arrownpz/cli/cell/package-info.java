/**
 * A cell's meaning to the command line: its value behind dictionaries and run ends, its type as text, its text in a
 * table. The cells themselves are those of the artifact arrow-npz-parquet. Start at
 * {@link org.arrownpz.cli.cell.Decoded}.
 */
@NullMarked
package org.arrownpz.cli.cell;

import org.jspecify.annotations.NullMarked;
