/**
 * Members in, bytes of an archive out: local headers with aligned data, checksums, deflation and the central directory.
 * Start at
 * {@link org.arrownpz.npz.internal.zip.write.ZipEmitter}.
 */
@NullMarked
package org.arrownpz.npz.internal.zip.write;

import org.jspecify.annotations.NullMarked;
