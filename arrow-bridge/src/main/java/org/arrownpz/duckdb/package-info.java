/** SQL over frames and files, by DuckDB; needs {@code org.duckdb:duckdb_jdbc} on the class path. */
@NullMarked
package org.arrownpz.duckdb;

import org.jspecify.annotations.NullMarked;
