/**
 * NumPy's data types and their {@code descr} spelling, both ways. A header's literal comes in, a
 * {@link org.arrownpz.dtype.DType} goes out. Start at {@link org.arrownpz.dtype.DescrParser}.
 */
@NullMarked
package org.arrownpz.dtype;

import org.jspecify.annotations.NullMarked;
