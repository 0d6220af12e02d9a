/** Options, limits and the error family of arrow-npz. */
@NullMarked
package org.arrownpz;

import org.jspecify.annotations.NullMarked;
