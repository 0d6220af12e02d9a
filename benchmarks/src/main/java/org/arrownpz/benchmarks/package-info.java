/**
 * Benchmarks: programs whose calls take turns. Each stands beside its floor, the minimum of work for any program, and
 * beside others that do the same.
 *
 * <p>In come directories and numbers, out come lines of a table ({@link org.arrownpz.benchmarks.Turns}). Room {@code ratios}
 * has what needs no data but its own.
 */
@NullMarked
package org.arrownpz.benchmarks;

import org.jspecify.annotations.NullMarked;
