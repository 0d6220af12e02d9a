/** What a running server tells about itself. */
@NullMarked
package org.arrownpz.flight.internal.monitor;

import org.jspecify.annotations.NullMarked;
