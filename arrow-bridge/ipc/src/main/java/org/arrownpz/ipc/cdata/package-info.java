/** What native consumers and producers of Arrow batches need and Arrow Java does not give them. */
@NullMarked
package org.arrownpz.ipc.cdata;

import org.jspecify.annotations.NullMarked;
