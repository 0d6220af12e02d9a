/** What those who run a server see of it: metrics, access log, health. */
@NullMarked
package org.arrownpz.flight.internal.watch;

import org.jspecify.annotations.NullMarked;
