/**
 * The result of a comparison: figures, what the formats lose, the machine; and the same as JSON.
 *
 * <p>These are values that know nothing of how they were measured. Start at {@link
 * org.arrownpz.compare.report.Comparison}.
 */
@NullMarked
package org.arrownpz.compare.report;

import org.jspecify.annotations.NullMarked;
