/**
 * Archives of arrays: a {@link org.arrownpz.io.ByteSource} comes in, members by name go out, and back. The zip format
 * itself is in {@code internal.zip}. Start at {@link org.arrownpz.npz.NpzFile}.
 */
@NullMarked
package org.arrownpz.npz;

import org.jspecify.annotations.NullMarked;
