/**
 * Statements one after the other, typed or from a pipe. Start with {@link org.arrownpz.cli.prompt.SqlPrompt}; only {@link
 * org.arrownpz.cli.prompt.EditedLines} knows the line editor.
 */
@NullMarked
package org.arrownpz.cli.prompt;

import org.jspecify.annotations.NullMarked;
