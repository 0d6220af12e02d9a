/**
 * The looks of files, statistics and verdicts on a terminal.
 *
 * <p>In: what other rooms found out. Out: lines that fit the terminal, safe for it. Start with {@link
 * org.arrownpz.cli.look.InfoText}.
 */
@NullMarked
package org.arrownpz.cli.look;

import org.jspecify.annotations.NullMarked;
