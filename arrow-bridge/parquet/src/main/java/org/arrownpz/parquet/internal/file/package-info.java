/**
 * Files as the native library reads and writes them: the footer's metadata, dictionaries that row groups share, and
 * copies of what that library cannot read. Start at NativeFile for reading, at SinglePart for writing.
 */
@NullMarked
package org.arrownpz.parquet.internal.file;

import org.jspecify.annotations.NullMarked;
