/**
 * Frames as Arrow roots and readers, and back: the schema metadata keys {@code arrow_npz} and {@code pandas} carry the
 * labels. Start at {@link org.arrownpz.frame.internal.exchange.Interchange}. Not API.
 */
@NullMarked
package org.arrownpz.frame.internal.exchange;

import org.jspecify.annotations.NullMarked;
