/**
 * The common part of reading and writing zip archives: the layout of the records (APPNOTE section 4), little-endian
 * access, names of members and their encodings. Reading is in {@code read}, writing in {@code write}; neither knows the
 * other. Start at {@link org.arrownpz.npz.internal.zip.ZipRecords}.
 */
@NullMarked
package org.arrownpz.npz.internal.zip;

import org.jspecify.annotations.NullMarked;
