/**
 * Members in, {@code FrameState} out: StaticFrame's frames, plain archives, single arrays, and the {@code __arrow__}
 * members of what NumPy lacks. Start at {@link org.arrownpz.frame.internal.read.FrameOpener}. Not API.
 */
@NullMarked
package org.arrownpz.frame.internal.read;

import org.jspecify.annotations.NullMarked;
