/**
 * Bytes of files, buffers, channels and heap arrays as reference-counted Arrow buffers, mapped where that is possible.
 * A {@link org.arrownpz.io.ByteSource} goes in and out of every reader; a {@link org.arrownpz.io.ByteSink} takes what a
 * writer makes. Start at {@link org.arrownpz.io.ByteSources}.
 */
@NullMarked
package org.arrownpz.io;

import org.jspecify.annotations.NullMarked;
