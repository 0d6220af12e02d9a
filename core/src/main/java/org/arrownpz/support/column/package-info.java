/**
 * Vectors of every type, for arrow-npz's own modules: rows shared, copied, checked or joined from batches, and columns taken
 * apart into buffers and put together from untrusted ones. Applications need none of it, and it may change in any release.
 * Start at {@link org.arrownpz.support.column.VectorRows} and {@link org.arrownpz.support.column.ColumnAssembler}.
 */
@NullMarked
package org.arrownpz.support.column;

import org.jspecify.annotations.NullMarked;
