/**
 * Labels of rows and columns as StaticFrame has them: values, arrays of them, index classes and axes. NPY arrays of labels
 * come in; labels, their texts and their classes go out. Start at {@link org.arrownpz.frame.label.FrameAxis}.
 */
@NullMarked
package org.arrownpz.frame.label;

import org.jspecify.annotations.NullMarked;
