package org.arrownpz.sql.internal;

import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.ipc.cdata.BatchReader;
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
    Rows read(@Nullable Set<String> columns) throws NpzException;

    /** Closes what was opened for {@link #fields()}. */
    @Override
    void close();

    /**
     * Batches, and what is to be closed after them.
     *
     * @param reader the batches
     * @param owner what they are read from
     */
    record Rows(ArrowReader reader, AutoCloseable owner) implements AutoCloseable {
        /** No rows; takes the root over. */
        static Rows none(VectorSchemaRoot root, BufferAllocator allocator) {
            ArrowReader reader = new BatchReader(allocator) {
                @Override
                public VectorSchemaRoot getVectorSchemaRoot() {
                    return root;
                }

                @Override
                public boolean loadNextBatch() {
                    return false;
                }

                @Override
                public void close() {
                    root.close();
                }
            };
            return new Rows(reader, () -> {});
        }

        @Override
        public void close() {
            try (owner;
                    reader) {
                // The reader first.
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
