/** The messages of a put, and the lease of those who receive. */
@NullMarked
package org.arrownpz.flight.internal.put;

import org.jspecify.annotations.NullMarked;
