package org.arrownpz.sql.internal;

import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/** A table that a statement reads under one name. */
public interface Table extends AutoCloseable {
    /**
     * The columns. Where the format allows, nothing but headers is read for it; a type that depends on values may then be
     * another one when they are read.
     */
    List<Field> fields() throws NpzException;

    /**
     * Starts to read rows; to be had any number of times, each closed by the caller.
     *
     * @param columns names of the columns that are needed, or null for all; others may come along
     * @throws IllegalArgumentException when the columns are not there after all
     */
    ArrowReader read(@Nullable Set<String> columns) throws NpzException;

    /** Closes what was opened for {@link #fields()}. */
    @Override
    void close();
}
