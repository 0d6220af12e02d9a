/**
 * Loops over raw memory that only packing needs: keys, runs, sorting. Addresses are checked where they are made.
 * Not API.
 */
@NullMarked
package org.arrownpz.event.internal.kernel;

import org.jspecify.annotations.NullMarked;
