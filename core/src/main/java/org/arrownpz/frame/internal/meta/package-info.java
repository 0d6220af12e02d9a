/**
 * StaticFrame's {@code __meta__.json} and names: JSON in and out, index classes from types, field names from labels. Start
 * at {@link org.arrownpz.frame.internal.meta.FrameMetadata}. Not API.
 */
@NullMarked
package org.arrownpz.frame.internal.meta;

import org.jspecify.annotations.NullMarked;
