/**
 * Vectors as the body of a message, compressed or not, and the flatbuffers before it. Start at BatchParts for bodies, at
 * MessageBuilder for metadata.
 */
@NullMarked
package org.arrownpz.ipc.internal.write;

import org.jspecify.annotations.NullMarked;
