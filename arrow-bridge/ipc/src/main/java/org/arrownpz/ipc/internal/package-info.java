/**
 * Parts that only the artifacts of the bridge share: batches joined, indices of dictionaries checked, and what
 * Arrow and the operating system throw as {@link org.arrownpz.NpzException}. No public API.
 */
@NullMarked
package org.arrownpz.ipc.internal;

import org.jspecify.annotations.NullMarked;
