/** The {@code arrow-npz} command. */
@NullMarked
package org.arrownpz.cli;

import org.jspecify.annotations.NullMarked;
