/** References to columns, made into their positions. Not API. */
@NullMarked
package org.arrownpz.event.internal;

import org.jspecify.annotations.NullMarked;
