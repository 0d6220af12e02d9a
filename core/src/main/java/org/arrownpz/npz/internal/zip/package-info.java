/** Central directory, local headers and member data of zip archives. Not API. */
@NullMarked
package org.arrownpz.npz.internal.zip;

import org.jspecify.annotations.NullMarked;
