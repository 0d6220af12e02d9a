/**
 * Draws comparisons as bar charts, in PNG and in SVG.
 *
 * <p>In come comparisons, out come six files. Start at {@link org.arrownpz.compare.chart.ComparisonCharts}.
 */
@NullMarked
package org.arrownpz.compare.chart;

import org.jspecify.annotations.NullMarked;
