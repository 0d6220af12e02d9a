/** The same directory by HTTP: routes, forms of tables, raw files, and a page for browsers. */
@NullMarked
package org.arrownpz.flight.internal.web;

import org.jspecify.annotations.NullMarked;
