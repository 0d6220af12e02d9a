/**
 * The process around a verb: standard streams, exit codes, progress, signals and the words of failures.
 *
 * <p>Start with {@link org.arrownpz.cli.console.Console}. This room knows no other room of the command.
 */
@NullMarked
package org.arrownpz.cli.console;

import org.jspecify.annotations.NullMarked;
