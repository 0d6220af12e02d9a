/**
 * LZ4 frames and blocks, and their checksum: bytes in, bytes out. Every length is checked, since bytes may be hostile.
 * Start at Lz4Frame.
 */
@NullMarked
package org.arrownpz.ipc.internal.codec;

import org.jspecify.annotations.NullMarked;
