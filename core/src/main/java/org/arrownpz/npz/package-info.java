/** Archives of arrays. */
@NullMarked
package org.arrownpz.npz;

import org.jspecify.annotations.NullMarked;
