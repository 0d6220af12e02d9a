package org.arrownpz.parquet.internal.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.dataset.scanner.ScanOptions;
import org.apache.arrow.dataset.scanner.Scanner;
import org.apache.arrow.dataset.source.Dataset;
import org.apache.arrow.dataset.source.DatasetFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.Faults;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.ipc.internal.BatchJoin;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.jspecify.annotations.Nullable;

/** The batches of a text file, copied into memory of the caller's allocator. */
public final class TextReader extends BatchReader {
    private static final long BATCH_ROWS = 1 << 16;
    private static final int MESSAGE_LENGTH = 500;

    /** What the caller has asked for, told from what the native library throws. */
    private static final class UnknownColumnException extends IllegalArgumentException {
        UnknownColumnException(String message) {
            super(message);
        }
    }

    private final Location location;
    private final FileFormat format;
    private final Deque<AutoCloseable> owned;
    private final BufferAllocator nativeMemory;
    private final ArrowReader batches;
    private final VectorSchemaRoot root;

    private TextReader(
            BufferAllocator allocator,
            Location location,
            FileFormat format,
            Deque<AutoCloseable> owned,
            BufferAllocator nativeMemory,
            ArrowReader batches,
            VectorSchemaRoot root) {
        super(allocator);
        this.location = location;
        this.format = format;
        this.owned = owned;
        this.nativeMemory = nativeMemory;
        this.batches = batches;
        this.root = root;
    }

    public static TextReader open(
            BufferAllocator allocator, Path path, FileFormat format, @Nullable List<String> columns)
            throws NpzException {
        Location location = Location.ofFile(path.toString());
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw location.error(ErrorCode.IO, Files.exists(path) ? "no readable file" : "no such file")
                    .build();
        }
        Deque<AutoCloseable> owned = new ArrayDeque<>();
        try (Rollback undo = Rollback.of(() -> close(owned))) {
            // Native batches have memory of their own: where it is refused in the middle of an import, a part is lost.
            BufferAllocator nativeMemory = new RootAllocator();
            owned.push(nativeMemory);
            ArrowReader batches = scan(path.toAbsolutePath().toUri().toString(), format, columns, nativeMemory, owned);
            VectorSchemaRoot root =
                    VectorSchemaRoot.create(batches.getVectorSchemaRoot().getSchema(), allocator);
            owned.push(root);
            return undo.commit(new TextReader(allocator, location, format, owned, nativeMemory, batches, root));
        } catch (UnknownColumnException e) {
            throw e;
        } catch (Exception e) {
            throw fault(location, format, e);
        }
    }

    private static ArrowReader scan(
            String uri,
            FileFormat format,
            @Nullable List<String> columns,
            BufferAllocator nativeMemory,
            Deque<AutoCloseable> owned) {
        DatasetFactory factory = new FileSystemDatasetFactory(nativeMemory, NativeMemoryPool.getDefault(), format, uri);
        owned.push(factory);
        Dataset dataset = factory.finish();
        owned.push(dataset);
        if (columns != null) {
            requireKnown(columns, factory.inspect());
        }
        Scanner scanner = dataset.newScan(new ScanOptions.Builder(BATCH_ROWS)
                .columns(Optional.ofNullable(columns).map(names -> names.toArray(String[]::new)))
                .build());
        owned.push(scanner);
        ArrowReader batches = scanner.scanBatches();
        owned.push(batches);
        return batches;
    }

    private static void requireKnown(List<String> columns, Schema schema) {
        for (String name : columns) {
            if (schema.getFields().stream().noneMatch(field -> field.getName().equals(name))) {
                throw new UnknownColumnException("there is no column " + SafeText.quote(name));
            }
        }
    }

    private static void close(Deque<AutoCloseable> owned) {
        AutoCloseables.closeNoChecked(() -> AutoCloseables.close(owned));
        owned.clear();
    }

    /** What Arrow's native readers tell by untyped exceptions. */
    NpzException fault(Exception e) {
        return fault(location, format, e);
    }

    private static NpzException fault(Location location, FileFormat format, Exception e) {
        if (e instanceof NpzException typed) {
            return typed;
        }
        if (e instanceof OutOfMemoryException) {
            return Faults.limit(location, "for the data", e);
        }
        return location.error(ErrorCode.VALUE, "the file cannot be read as " + format)
                .found(SafeText.escape(String.valueOf(e.getMessage()), MESSAGE_LENGTH))
                .cause(e)
                .build();
    }

    /** All batches as one root, which the caller closes. */
    public VectorSchemaRoot whole() throws NpzException {
        try (BatchJoin join = new BatchJoin(batches.getVectorSchemaRoot().getSchema(), nativeMemory, location)) {
            while (batches.loadNextBatch()) {
                join.add(batches.getVectorSchemaRoot(), batches);
            }
            return join.root(allocator);
        } catch (IOException | RuntimeException e) {
            throw fault(e);
        }
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return root;
    }

    @Override
    public boolean loadNextBatch() throws NpzException {
        try {
            root.clear();
            VectorSchemaRoot batch = batches.getVectorSchemaRoot();
            do {
                if (!batches.loadNextBatch()) {
                    return false;
                }
            } while (batch.getRowCount() == 0);
            int rows = batch.getRowCount();
            VectorSlices.move(VectorSlices.copy(batch.getFieldVectors(), allocator, 0, rows, location), root, rows);
            return true;
        } catch (Exception e) {
            throw fault(e);
        }
    }

    @Override
    public void close() {
        close(owned);
    }
}
