/** gRPC below Flight: calls and their ends. */
@NullMarked
package org.arrownpz.flight.internal.transport;

import org.jspecify.annotations.NullMarked;
