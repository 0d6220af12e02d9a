/**
 * Ratios to the floor of opening, blocks, writing, Arrow IPC files, kernels and packing, and heap per call by JMH.
 *
 * <p>In come names of parts, out come lines of a table. Start at {@link org.arrownpz.benchmarks.ratios.Ratios}.
 */
@NullMarked
package org.arrownpz.benchmarks.ratios;

import org.jspecify.annotations.NullMarked;
