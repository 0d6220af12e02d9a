/**
 * Groups become list columns, of a whole root or batch by batch. Start at
 * {@link org.arrownpz.event.internal.pack.Packer}. Not API.
 */
@NullMarked
package org.arrownpz.event.internal.pack;

import org.jspecify.annotations.NullMarked;
