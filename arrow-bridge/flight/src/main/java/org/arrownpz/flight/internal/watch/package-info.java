/** The view of those who run a server: metrics, access log, health. */
@NullMarked
package org.arrownpz.flight.internal.watch;

import org.jspecify.annotations.NullMarked;
