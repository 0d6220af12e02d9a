/**
 * Adds up the values of columns, and keeps temporary files.
 *
 * <p>In come Arrow vectors, out come checksums. Start at {@link org.arrownpz.compare.internal.measure.ColumnSum}.
 */
@NullMarked
package org.arrownpz.compare.internal.measure;

import org.jspecify.annotations.NullMarked;
