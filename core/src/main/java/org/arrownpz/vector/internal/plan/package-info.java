/**
 * Plans: which vector an array becomes, viewed or converted. Start at {@link
 * org.arrownpz.vector.internal.plan.ColumnPlanner}. Not API.
 */
@NullMarked
package org.arrownpz.vector.internal.plan;

import org.jspecify.annotations.NullMarked;
