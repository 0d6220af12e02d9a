/** The parts that the rooms of the server share. */
@NullMarked
package org.arrownpz.flight.internal;

import org.jspecify.annotations.NullMarked;
