/**
 * JMH benchmarks. Each stands beside its floor, the minimum of work for any program, and beside stock Arrow.
 *
 * <p>Times of JMH belong to one machine; start at {@link org.arrownpz.benchmarks.Ratios} for ratios, which travel better.
 */
@NullMarked
package org.arrownpz.benchmarks;

import org.jspecify.annotations.NullMarked;
