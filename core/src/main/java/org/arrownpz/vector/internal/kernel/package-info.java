/**
 * Conversion loops over raw memory. Addresses or buffers that the caller has checked come in; each loop says what it may
 * read and write. One conversion a class. Not API.
 */
@NullMarked
package org.arrownpz.vector.internal.kernel;

import org.jspecify.annotations.NullMarked;
