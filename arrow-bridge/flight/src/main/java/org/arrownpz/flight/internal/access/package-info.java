/** Callers, and their rights. */
@NullMarked
package org.arrownpz.flight.internal.access;

import org.jspecify.annotations.NullMarked;
