/** CSV and JSON lines, read and written by DuckDB. */
@NullMarked
package org.arrownpz.sql.internal.text;

import org.jspecify.annotations.NullMarked;
