/** The frame-fixtures language: frames of known values, made from a line of text. */
@NullMarked
package org.arrownpz.compare;

import org.jspecify.annotations.NullMarked;
