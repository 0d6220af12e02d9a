/** The results of Flight SQL that speak of the server and its tables. */
@NullMarked
package org.arrownpz.flight.internal.sql;

import org.jspecify.annotations.NullMarked;
