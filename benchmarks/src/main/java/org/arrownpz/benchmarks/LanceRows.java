package org.arrownpz.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.compare.Contenders.Batch;
import org.arrownpz.compare.Contenders.RowSource;
import org.jspecify.annotations.Nullable;

/**
 * Lance's Java reader, {@code org.lance:lance-core}, by reflection: its jar of 188 MB is on the class path with the Maven
 * profile {@code lance} only.
 */
record LanceRows(Object dataset, Method take, List<String> columns) implements RowSource {

    private static @Nullable Class<?> lance() {
        try {
            return Class.forName("org.lance.Dataset");
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    static boolean isThere() {
        return lance() != null;
    }

    /** Writes all batches of a reader as a dataset, with Lance's own defaults. */
    static void write(BufferAllocator allocator, ArrowReader reader, Path target) throws Exception {
        Class<?> type = Class.forName("org.lance.Dataset");
        Class<?> builder = Class.forName("org.lance.WriteParams$Builder");
        Object parameters =
                builder.getMethod("build").invoke(builder.getConstructor().newInstance());
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
            Data.exportArrayStream(allocator, reader, stream);
            Method create = type.getMethod(
                    "create",
                    BufferAllocator.class,
                    ArrowArrayStream.class,
                    String.class,
                    Class.forName("org.lance.WriteParams"));
            ((AutoCloseable) create.invoke(null, allocator, stream, target.toString(), parameters)).close();
        }
    }

    static RowSource open(BufferAllocator allocator, Path file, List<String> columns) throws Exception {
        Class<?> type = Class.forName("org.lance.Dataset");
        Object dataset =
                type.getMethod("open", String.class, BufferAllocator.class).invoke(null, file.toString(), allocator);
        return new LanceRows(dataset, type.getMethod("take", List.class, List.class), columns);
    }

    @Override
    public void take(long[] rows, Batch batch) throws Exception {
        List<Long> numbers = new ArrayList<>(rows.length);
        Arrays.stream(rows).forEach(numbers::add);
        try (ArrowReader reader = (ArrowReader) take.invoke(dataset, numbers, columns)) {
            while (reader.loadNextBatch()) {
                batch.take(reader.getVectorSchemaRoot().getFieldVectors(), reader);
            }
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() throws Exception {
        ((AutoCloseable) dataset).close();
    }
}
