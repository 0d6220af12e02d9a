/**
 * Text from files made safe for messages and terminals. Not API.
 */
@NullMarked
package org.arrownpz.internal.text;

import org.jspecify.annotations.NullMarked;
