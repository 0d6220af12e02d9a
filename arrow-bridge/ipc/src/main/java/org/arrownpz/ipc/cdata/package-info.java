/**
 * What native consumers and producers of Arrow batches need and Arrow Java does not give them: names and alignment that
 * Arrow's C data interface can take, readers that hand batches over, and allocators that wait for native code. Needs no
 * native library itself. No public API.
 */
@NullMarked
package org.arrownpz.ipc.cdata;

import org.jspecify.annotations.NullMarked;
