/**
 * The place of a frame's members: an archive, a directory or a single array, to be read ({@link
 * org.arrownpz.frame.internal.store.ArrayStore}) or written ({@link org.arrownpz.frame.internal.store.ArraySinkFactory.ArraySink}), and
 * which kind of file it is ({@link org.arrownpz.frame.internal.store.FileKind}). Not API.
 */
@NullMarked
package org.arrownpz.frame.internal.store;

import org.jspecify.annotations.NullMarked;
