/**
 * Fuzz targets: entry points that take any bytes, and the plain tests that replay what is known. {@code bin/fuzz} runs
 * them under Jazzer; nothing in here depends on it.
 *
 * <p>What holds for every input: the file is refused with an {@link org.arrownpz.NpzException}, or gives vectors that
 * are valid; no memory is left; none is taken beyond the limit; and it is soon done.
 */
package org.arrownpz.fuzz;
