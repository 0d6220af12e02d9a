/** Who calls, and what they may. */
@NullMarked
package org.arrownpz.flight.internal.access;

import org.jspecify.annotations.NullMarked;
