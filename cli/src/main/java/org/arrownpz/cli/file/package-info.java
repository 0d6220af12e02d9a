/**
 * Inputs and outputs of verbs, with the flags that say how they are read and written.
 *
 * <p>In: a path, or {@code -} for a standard stream. Out: a frame or batches, or the file written. Start with
 * {@link org.arrownpz.cli.file.Source} for reading, {@link org.arrownpz.cli.file.Target} for writing and
 * {@link org.arrownpz.cli.file.Format} for a new extension.
 */
@NullMarked
package org.arrownpz.cli.file;

import org.jspecify.annotations.NullMarked;
