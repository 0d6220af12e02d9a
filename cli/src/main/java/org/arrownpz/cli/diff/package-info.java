/**
 * The differences of two frames: shapes, labels and types first, then values column by column. Start at
 * {@link org.arrownpz.cli.diff.FrameDiff}.
 */
@NullMarked
package org.arrownpz.cli.diff;

import org.jspecify.annotations.NullMarked;
