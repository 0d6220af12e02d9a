/** NPZ files over Arrow Flight; needs {@code org.apache.arrow:flight-core} on the class path. */
@NullMarked
package org.arrownpz.flight;

import org.jspecify.annotations.NullMarked;
