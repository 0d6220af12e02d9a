package org.arrownpz.dataset;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.dataset.scanner.ScanOptions;
import org.apache.arrow.dataset.scanner.Scanner;
import org.apache.arrow.dataset.source.Dataset;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.jspecify.annotations.Nullable;

/** A Parquet file in the native library: factory, dataset, scanner and reader, which are closed together. */
final class NativeFile implements AutoCloseable {
    /** Large enough that the native reader hands out whole row groups; smaller batches make it copy. */
    private static final long BATCH_ROWS = 1 << 20;

    private final Location location;
    private final FileSystemDatasetFactory factory;
    private @Nullable Dataset dataset;
    private @Nullable Scanner scanner;
    private @Nullable ArrowReader reader;

    private NativeFile(Location location, FileSystemDatasetFactory factory) {
        this.location = location;
        this.factory = factory;
    }

    static NativeFile open(BufferAllocator allocator, Path path, List<String> columns, Location location)
            throws NpzException {
        requireDefault(path);
        NativeFile file = null;
        boolean done = false;
        try {
            file = new NativeFile(
                    location,
                    new FileSystemDatasetFactory(
                            allocator,
                            NativeMemoryPool.getDefault(),
                            FileFormat.PARQUET,
                            path.toAbsolutePath().toUri().toString()));
            file.scan(columns);
            done = true;
            return file;
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw ParquetFaults.reading(location, e);
        } finally {
            if (!done && file != null) {
                file.close();
            }
        }
    }

    /** Native code knows nothing of other file systems of Java. */
    static void requireDefault(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("Parquet files lie in the default file system, not in "
                    + path.getFileSystem().provider().getScheme());
        }
    }

    private void scan(List<String> columns) throws IOException {
        dataset = factory.finish();
        Optional<String[]> wanted = columns.isEmpty() ? Optional.empty() : Optional.of(columns.toArray(String[]::new));
        if (wanted.isPresent()) {
            requireNames(factory.inspect(), columns);
        }
        scanner = dataset.newScan(new ScanOptions(BATCH_ROWS, wanted));
        reader = scanner.scanBatches();
        reader.getVectorSchemaRoot();
    }

    private static void requireNames(Schema schema, List<String> columns) {
        Set<String> unknown = new LinkedHashSet<>(columns);
        for (Field field : schema.getFields()) {
            unknown.remove(field.getName());
        }
        if (!unknown.isEmpty()) {
            String names = SafeText.escape(unknown.toString());
            throw new IllegalArgumentException("there are no columns " + names);
        }
        if (new LinkedHashSet<>(columns).size() != columns.size()) {
            throw new IllegalArgumentException("columns are named twice in " + Arrays.toString(columns.toArray()));
        }
    }

    Location location() {
        return location;
    }

    ArrowReader reader() {
        if (reader == null) {
            throw new IllegalStateException("closed");
        }
        return reader;
    }

    Schema schema() throws NpzException {
        try {
            return reader().getVectorSchemaRoot().getSchema();
        } catch (IOException | RuntimeException e) {
            throw ParquetFaults.reading(location, e);
        }
    }

    @Override
    public void close() {
        try (FileSystemDatasetFactory last = factory;
                Dataset third = dataset;
                Scanner second = scanner;
                ArrowReader first = reader) {
            dataset = null;
            scanner = null;
            reader = null;
        } catch (Exception e) {
            throw new IllegalStateException("The native library cannot close " + location.file(), e);
        }
    }
}
