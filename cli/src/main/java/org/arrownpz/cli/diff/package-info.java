/** How two frames differ. */
@NullMarked
package org.arrownpz.cli.diff;

import org.jspecify.annotations.NullMarked;
