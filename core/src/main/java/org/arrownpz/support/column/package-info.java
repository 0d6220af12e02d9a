/**
 * Rows of vectors of every type, shared, copied, checked or joined from batches, for arrow-npz's own modules: applications
 * need none of it, and it may change in any release. Start at {@link org.arrownpz.support.column.VectorRows}.
 */
@NullMarked
package org.arrownpz.support.column;

import org.jspecify.annotations.NullMarked;
