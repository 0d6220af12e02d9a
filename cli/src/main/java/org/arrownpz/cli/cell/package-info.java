/** Values of Arrow vectors as JSON and as text, without an object per value. */
@NullMarked
package org.arrownpz.cli.cell;

import org.jspecify.annotations.NullMarked;
