/**
 * List columns become rows again. Start at {@link org.arrownpz.event.internal.unpack.Unpacker}. Not API.
 */
@NullMarked
package org.arrownpz.event.internal.unpack;

import org.jspecify.annotations.NullMarked;
