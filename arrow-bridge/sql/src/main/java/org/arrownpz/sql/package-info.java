/** SQL over frames and files, by DuckDB; needs {@code org.duckdb:duckdb_jdbc} on the class path. */
@NullMarked
package org.arrownpz.sql;

import org.jspecify.annotations.NullMarked;
