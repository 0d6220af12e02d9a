/** What the bridges share and nobody else needs: no public API. */
@NullMarked
package org.arrownpz.bridge.internal;

import org.jspecify.annotations.NullMarked;
