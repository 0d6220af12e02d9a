/**
 * Statements run by DuckDB in this process, each in a database of its own. Start at {@link
 * org.arrownpz.sql.internal.Engine}; only {@link org.arrownpz.sql.internal.Database} knows DuckDB.
 */
@NullMarked
package org.arrownpz.sql.internal;

import org.jspecify.annotations.NullMarked;
