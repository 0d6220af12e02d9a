/**
 * Statistics of columns, gathered batch by batch without an object per value. Start at
 * {@link org.arrownpz.cli.stats.ColumnStats}.
 */
@NullMarked
package org.arrownpz.cli.stats;

import org.jspecify.annotations.NullMarked;
