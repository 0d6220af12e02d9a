/**
 * Parts that all rooms of this module share: the options of a read or write, memory outside the heap, the logger.
 *
 * <p>Start with {@link org.arrownpz.spark.internal.NpzOptions}: it turns the user's options into checked values.
 */
@NullMarked
package org.arrownpz.spark.internal;

import org.jspecify.annotations.NullMarked;
