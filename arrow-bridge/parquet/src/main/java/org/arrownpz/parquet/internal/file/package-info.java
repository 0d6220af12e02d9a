/**
 * Files as the native library reads them: the footer's metadata, dictionaries that row groups share, and
 * copies of what that library cannot read. Start at NativeFile.
 */
@NullMarked
package org.arrownpz.parquet.internal.file;

import org.jspecify.annotations.NullMarked;
