/**
 * Values of Arrow vectors as JSON, CSV and text, without an object per value. A vector and a row come in, characters go out.
 * Start at {@link org.arrownpz.cli.cell.Cells}.
 */
@NullMarked
package org.arrownpz.cli.cell;

import org.jspecify.annotations.NullMarked;
