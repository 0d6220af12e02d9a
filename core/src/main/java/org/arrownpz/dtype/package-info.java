/** NumPy data types and their {@code descr} spelling, both ways. */
@NullMarked
package org.arrownpz.dtype;

import org.jspecify.annotations.NullMarked;
