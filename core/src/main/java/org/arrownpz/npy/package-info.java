/** One NPY array: header, region, slices. */
@NullMarked
package org.arrownpz.npy;

import org.jspecify.annotations.NullMarked;
