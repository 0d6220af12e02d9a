/**
 * Feather V2, Arrow IPC files and Arrow IPC streams, and {@link org.arrownpz.ipc.Tables}, which opens a table of any
 * format. Paths, channels, frames and readers come in; readers, frames and files go out. Start at {@link
 * org.arrownpz.ipc.Ipc}; the rooms below {@code internal} do its parts.
 */
@NullMarked
package org.arrownpz.ipc;

import org.jspecify.annotations.NullMarked;
