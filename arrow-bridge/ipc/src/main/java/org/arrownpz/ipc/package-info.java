/** Feather V2, Arrow IPC files and Arrow IPC streams. */
@NullMarked
package org.arrownpz.ipc;

import org.jspecify.annotations.NullMarked;
