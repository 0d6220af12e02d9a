/**
 * {@code FrameState} and batches of readers in, members out: blocks, labels, metadata and {@code __arrow__} members. Start
 * at {@link org.arrownpz.frame.internal.write.WriterChoice}. Not API.
 */
@NullMarked
package org.arrownpz.frame.internal.write;

import org.jspecify.annotations.NullMarked;
