/**
 * Tables with labels: {@link org.arrownpz.frame.Frames} opens, checks and writes files, {@link
 * org.arrownpz.frame.Frame} is the table, {@link org.arrownpz.frame.Bus} an archive of several,
 * {@link org.arrownpz.frame.FrameBuilder} makes one from arrays. The work is done in {@code internal}: readers return
 * {@code FrameState}, writers take them, and only this package knows {@code Frame}. Start at
 * {@link org.arrownpz.frame.Frames}.
 */
@NullMarked
package org.arrownpz.frame;

import org.jspecify.annotations.NullMarked;
