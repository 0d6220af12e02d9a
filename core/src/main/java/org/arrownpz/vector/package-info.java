/** Array to vector and vector to array, and why a copy was needed. */
@NullMarked
package org.arrownpz.vector;

import org.jspecify.annotations.NullMarked;
