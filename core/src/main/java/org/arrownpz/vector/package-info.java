/**
 * Vectors from headers: {@link org.arrownpz.vector.internal.plan.ColumnPlanner} decides from dtype, shape and options which Arrow
 * vector an array is and whether it can view the file; the reports tell what was copied and what was written. Reading is in
 * {@code read}, writing in {@code internal.encode} and {@code internal.buffers}.
 */
@NullMarked
package org.arrownpz.vector;

import org.jspecify.annotations.NullMarked;
