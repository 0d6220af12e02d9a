/**
 * A caller's wishes for packing and unpacking: keys, columns, order, layout. Immutable values, read by everything else
 * here and knowing none of it. Start at {@link org.arrownpz.event.spec.PackSpec}.
 */
@NullMarked
package org.arrownpz.event.spec;

import org.jspecify.annotations.NullMarked;
