/** Statistics of columns, gathered without an object per value. */
@NullMarked
package org.arrownpz.cli.stats;

import org.jspecify.annotations.NullMarked;
