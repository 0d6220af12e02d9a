/**
 * Draws comparisons as bar charts and columns as lines and histograms, in PNG and in SVG.
 *
 * <p>In come figures, out come files. Start at {@link org.arrownpz.compare.chart.Charts}.
 */
@NullMarked
package org.arrownpz.compare.chart;

import org.jspecify.annotations.NullMarked;
