/**
 * Batches in, one vector out: vectors of every type and nesting are joined, and their dictionaries become one. Start at
 * {@link org.arrownpz.vector.internal.join.VectorJoin}. Not API.
 */
@NullMarked
package org.arrownpz.vector.internal.join;

import org.jspecify.annotations.NullMarked;
