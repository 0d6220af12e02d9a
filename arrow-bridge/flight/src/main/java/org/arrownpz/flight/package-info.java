/**
 * NPZ files over Arrow Flight: a directory is served, frames are put into it and got from it. Start at {@link
 * org.arrownpz.flight.NpzFlightServer}. SQL needs {@code arrow-npz-sql} on the class path.
 */
@NullMarked
package org.arrownpz.flight;

import org.jspecify.annotations.NullMarked;
