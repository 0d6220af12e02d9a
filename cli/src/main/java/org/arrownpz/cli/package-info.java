/**
 * The {@code arrow-npz} command.
 *
 * <p>In: arguments and standard streams. Out: an exit code. Start with {@link org.arrownpz.cli.Main}; the verbs are listed
 * in {@link org.arrownpz.cli.Verbs}, which a new verb has to join.
 */
@NullMarked
package org.arrownpz.cli;

import org.jspecify.annotations.NullMarked;
