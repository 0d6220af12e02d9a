/**
 * What packing and unpacking share: scratch memory, gathered rows, vectors as a second holder of their memory. Vectors come
 * in, vectors and buffers go out. Not API.
 */
@NullMarked
package org.arrownpz.event.internal;

import org.jspecify.annotations.NullMarked;
