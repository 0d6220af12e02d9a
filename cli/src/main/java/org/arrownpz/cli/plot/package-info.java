/**
 * Columns as charts: on a terminal, or as pictures.
 *
 * <p>In: columns of a frame. Out: lines of block characters; points for the charts of arrow-npz-compare. Start with {@link
 * org.arrownpz.cli.plot.LineSeries} and {@link org.arrownpz.cli.plot.Histogram}.
 */
@NullMarked
package org.arrownpz.cli.plot;

import org.jspecify.annotations.NullMarked;
