/**
 * The data of a frame and what it consists of: vectors or pages of them, the blocks that they stem from, and who closes
 * them when. {@link org.arrownpz.frame.internal.data.FrameState} is what all readers return and all writers take.
 * Not API.
 */
@NullMarked
package org.arrownpz.frame.internal.data;

import org.jspecify.annotations.NullMarked;
