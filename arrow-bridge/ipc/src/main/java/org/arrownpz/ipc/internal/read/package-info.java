/**
 * The body of a message as Arrow vectors: buffers cut out of it or decompressed, each length, offset and index checked
 * before a vector sees it. Start at BatchLoader.
 */
@NullMarked
package org.arrownpz.ipc.internal.read;

import org.jspecify.annotations.NullMarked;
