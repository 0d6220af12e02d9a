/**
 * What a format does not bring back of a frame.
 *
 * <p>In come a frame and a file that was written from it, out comes a {@link org.arrownpz.compare.report.Fidelity}.
 * Start at {@link org.arrownpz.compare.internal.fidelity.FidelityCheck}.
 */
@NullMarked
package org.arrownpz.compare.internal.fidelity;

import org.jspecify.annotations.NullMarked;
