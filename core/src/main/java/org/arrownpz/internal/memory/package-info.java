/**
 * Allocations with typed errors, slabs, reference counts of mapped memory, and checked access to addresses: with the
 * kernels the only code that touches addresses. Start at {@link org.arrownpz.internal.memory.MemoryAccess}. Not API.
 */
@NullMarked
package org.arrownpz.internal.memory;

import org.jspecify.annotations.NullMarked;
