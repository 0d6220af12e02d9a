/**
 * Compares file formats on one table: which holds it whole, how large its file is, how fast it is written and read.
 *
 * <p>In comes an Arrow-backed frame; out comes a {@link org.arrownpz.compare.Comparison}. Start at {@link
 * org.arrownpz.compare.HeadToHead}. To add a format, see {@link org.arrownpz.compare.Contenders}.
 */
@NullMarked
package org.arrownpz.compare;

import org.jspecify.annotations.NullMarked;
