/**
 * Who takes part in a comparison: all readers and writers, of this library and of others, each a row of a table.
 *
 * <p>In comes a file or a frame, out come Arrow vectors or a file. Start at {@link
 * org.arrownpz.compare.internal.contender.Contenders}, and add a row there for a new format.
 */
@NullMarked
package org.arrownpz.compare.internal.contender;

import org.jspecify.annotations.NullMarked;
