/** Bytes of files as reference-counted Arrow buffers: the only code, with the kernels, that touches addresses. */
@NullMarked
package org.arrownpz.memory;

import org.jspecify.annotations.NullMarked;
