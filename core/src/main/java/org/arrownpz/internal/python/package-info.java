/**
 * The Python literals that NPY headers hold (NEP 1) and Python's text of floats. Text in, checked values out; nothing is
 * evaluated. Start at {@link org.arrownpz.internal.python.PyLiteral}. Not API.
 */
@NullMarked
package org.arrownpz.internal.python;

import org.jspecify.annotations.NullMarked;
