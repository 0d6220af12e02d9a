/**
 * Options, limits and the one family of errors: what all other packages may know. Start at
 * {@link org.arrownpz.ReadOptions} and {@link org.arrownpz.NpzException}.
 */
@NullMarked
package org.arrownpz;

import org.jspecify.annotations.NullMarked;
