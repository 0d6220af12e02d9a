/**
 * Tells the type of a text: in come the characters of a cell, out go a kind and its value. Start with
 * {@link org.arrownpz.parquet.internal.text.type.Guess}. Knows neither files nor vectors.
 */
@NullMarked
package org.arrownpz.parquet.internal.text.type;

import org.jspecify.annotations.NullMarked;
