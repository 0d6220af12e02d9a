/**
 * The verbs: one class each, which picocli fills from the arguments.
 *
 * <p>In: arguments and the console. Out: an exit code. Start with {@link org.arrownpz.cli.verb.Verb}, which all extend, and
 * with a short one such as {@link org.arrownpz.cli.verb.CatCommand}.
 */
@NullMarked
package org.arrownpz.cli.verb;

import org.jspecify.annotations.NullMarked;
