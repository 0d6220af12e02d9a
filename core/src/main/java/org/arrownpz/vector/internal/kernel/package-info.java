/** Conversion loops over raw memory. Not API. */
@NullMarked
package org.arrownpz.vector.internal.kernel;

import org.jspecify.annotations.NullMarked;
