/** StaticFrame's layout in an NPZ, a directory or a single NPY. */
@NullMarked
package org.arrownpz.frame;

import org.jspecify.annotations.NullMarked;
