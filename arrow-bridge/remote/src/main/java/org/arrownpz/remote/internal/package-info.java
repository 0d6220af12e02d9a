/**
 * Files behind {@code https:} and {@code http:}, and objects of {@code s3:}, as paths, whose bytes are fetched by ranges. Found by their scheme
 * through {@code org.arrownpz.io.ByteSources.path}; nothing here is called by name.
 */
@NullMarked
package org.arrownpz.remote.internal;

import org.jspecify.annotations.NullMarked;
