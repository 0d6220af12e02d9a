/**
 * Files on the local disk and on Hadoop's file systems: listed, moved, deleted and read.
 *
 * <p>In: paths and globs as the user wrote them. Out: {@link org.arrownpz.spark.internal.storage.NpzPath}s, and channels that
 * read ranges of remote files. Local files never go through Hadoop. Start with
 * {@link org.arrownpz.spark.internal.storage.Listing}.
 */
@NullMarked
package org.arrownpz.spark.internal.storage;

import org.jspecify.annotations.NullMarked;
