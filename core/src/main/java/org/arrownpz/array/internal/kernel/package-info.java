/** Loops over raw memory that only searches need. Addresses are checked where they are made. Not API. */
@NullMarked
package org.arrownpz.array.internal.kernel;

import org.jspecify.annotations.NullMarked;
