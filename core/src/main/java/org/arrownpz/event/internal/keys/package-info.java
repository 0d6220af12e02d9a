/**
 * Finds rows that belong together. The key columns come in; groups, as runs of rows or a list of row numbers, go out.
 * Start at {@link org.arrownpz.event.internal.keys.GroupFinder}. Not API.
 */
@NullMarked
package org.arrownpz.event.internal.keys;

import org.jspecify.annotations.NullMarked;
