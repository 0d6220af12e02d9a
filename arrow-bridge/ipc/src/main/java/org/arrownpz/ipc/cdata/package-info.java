/**
 * Help for native consumers and producers of Arrow batches that Arrow Java does not give: names and alignment that
 * Arrow's C data interface can take, readers that hand batches over, and allocators that wait for native code. Needs no
 * native library itself. No public API.
 */
@NullMarked
package org.arrownpz.ipc.cdata;

import org.jspecify.annotations.NullMarked;
