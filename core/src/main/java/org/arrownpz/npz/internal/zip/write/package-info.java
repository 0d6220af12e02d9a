/**
 * Members in, bytes of an archive out: local headers with aligned data, checksums, deflation, the central directory,
 * and the staged file that replaces the target when it is complete. Start at
 * {@link org.arrownpz.npz.internal.zip.write.ZipEmitter}.
 */
@NullMarked
package org.arrownpz.npz.internal.zip.write;

import org.jspecify.annotations.NullMarked;
