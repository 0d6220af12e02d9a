/** Packed events: the rows of one key as lists in one row, and back. */
@NullMarked
package org.arrownpz.event;

import org.jspecify.annotations.NullMarked;
