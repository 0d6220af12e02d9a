/**
 * SQL over frames and files, by DuckDB. Statements, frames and paths come in, batches go out; tables that are not asked
 * for are not read. Start at {@link org.arrownpz.sql.Sql}. Parquet files need {@code arrow-npz-parquet} on the class path.
 */
@NullMarked
package org.arrownpz.sql;

import org.jspecify.annotations.NullMarked;
