/**
 * Bytes of an archive in, checked members out: the end records, the central directory, local headers and inflation.
 * Every number of the file is checked where it is read. Start at
 * {@link org.arrownpz.npz.internal.zip.read.CentralDirectory}.
 */
@NullMarked
package org.arrownpz.npz.internal.zip.read;

import org.jspecify.annotations.NullMarked;
