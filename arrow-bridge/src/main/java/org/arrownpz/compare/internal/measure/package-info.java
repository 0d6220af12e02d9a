/**
 * Times calls in turns, adds up the values of tables, and measures the floors below which no program can go.
 *
 * <p>In come calls and Arrow vectors, out come times and checksums. Start at {@link
 * org.arrownpz.compare.internal.measure.Rounds}.
 */
@NullMarked
package org.arrownpz.compare.internal.measure;

import org.jspecify.annotations.NullMarked;
