/**
 * Rollback of what a failing block has made, typed faults, memory, columns and progress, for arrow-npz's own modules:
 * applications need none of it, and it may change in any release.
 */
@NullMarked
package org.arrownpz.support;

import org.jspecify.annotations.NullMarked;
