/** What the bridges share and nobody else needs: no public API. */
@NullMarked
package org.arrownpz.ipc.internal;

import org.jspecify.annotations.NullMarked;
