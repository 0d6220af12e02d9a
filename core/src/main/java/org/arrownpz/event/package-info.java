/**
 * Packed events: the rows of one key as lists in one row, and back. Roots, readers and frames with a spec (package
 * {@code spec}) come in, packed or unpacked ones go out. Start at {@link org.arrownpz.event.Events}.
 */
@NullMarked
package org.arrownpz.event;

import org.jspecify.annotations.NullMarked;
