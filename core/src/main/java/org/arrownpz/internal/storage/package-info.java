/**
 * Files and directories that appear whole or not at all: a temporary name, staged writes, fsync, an atomic rename.
 * Start at {@link org.arrownpz.internal.storage.AtomicFile}. Not API.
 */
@NullMarked
package org.arrownpz.internal.storage;

import org.jspecify.annotations.NullMarked;
