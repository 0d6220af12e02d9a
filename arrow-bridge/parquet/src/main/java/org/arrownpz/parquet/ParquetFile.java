package org.arrownpz.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.internal.BatchJoin;
import org.arrownpz.ipc.internal.HandOut;
import org.arrownpz.parquet.internal.batch.Restorer;
import org.arrownpz.parquet.internal.batch.RestoringReader;
import org.arrownpz.parquet.internal.batch.StoredSchema;
import org.arrownpz.parquet.internal.file.NativeFile;
import org.arrownpz.parquet.internal.file.PageChecksums;
import org.arrownpz.parquet.internal.file.ParquetFaults;
import org.arrownpz.parquet.internal.file.ParquetFooter;
import org.arrownpz.parquet.internal.file.ReadableCopy;
import org.arrownpz.parquet.internal.type.ArrowSchema;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * An opened Parquet file: either one {@link #frame()}, or a {@link #reader()} of batches. Owns the file and all that was
 * read; frame and reader end with it. Used by one thread.
 */
public final class ParquetFile implements AutoCloseable {
    private final NativeFile file;
    private final ReadableCopy copy;
    private final StoredSchema stored;
    private Restorer restorer;
    private RestoringReader batches;
    private final BufferAllocator allocator;
    private final Map<String, String> metadata;
    private HandOut handOut = new HandOut();
    private @Nullable VectorSchemaRoot root;
    private boolean closed;

    private ParquetFile(
            NativeFile file,
            ReadableCopy copy,
            StoredSchema stored,
            BufferAllocator allocator,
            Map<String, String> metadata)
            throws NpzException {
        this.file = file;
        this.copy = copy;
        this.stored = stored;
        this.allocator = allocator;
        this.metadata = metadata;
        this.restorer = new Restorer(stored, file);
        this.batches = new RestoringReader(file, restorer, metadata, allocator);
    }

    static ParquetFile open(BufferAllocator allocator, Path path, List<String> columns, Verify verify)
            throws NpzException {
        Location location = Location.ofFile(path.toString());
        ReadableCopy copy = ReadableCopy.ofForeign(allocator, path, columns, location);
        try (Rollback undo = Rollback.of(copy)) {
            return undo.commit(open(allocator, copy, columns, verify, location));
        } catch (NoClassDefFoundError e) {
            throw ParquetFaults.withoutReader(location, e);
        }
    }

    private static ParquetFile open(
            BufferAllocator allocator, ReadableCopy copy, List<String> columns, Verify verify, Location location)
            throws NpzException {
        Path path = copy.path();
        ParquetFooter footer = ParquetFooter.read(path, location);
        if (verify != Verify.STRUCTURE) {
            PageChecksums.verify(path, footer, columns, location);
        }
        Map<String, String> metadata = new LinkedHashMap<>(footer.metadata());
        StoredSchema stored = StoredSchema.decode(metadata.remove(StoredSchema.KEY), allocator, location);
        // Arrow C++'s own copy of the schema, whose types the native reader gives as far as it can.
        List<Field> hints = ArrowSchema.decode(metadata.remove(ArrowSchema.KEY));
        try (Rollback undo = Rollback.of(stored)) {
            NativeFile file = NativeFile.open(allocator, path, columns, footer, hints, stored.nextId(), location);
            try (Rollback undoOpen = Rollback.of(file)) {
                ParquetFile opened = new ParquetFile(file, copy, stored, allocator, metadata);
                undoOpen.commit();
                return undo.commit(opened);
            }
        }
    }

    /** Reads these columns alone, from the first row on, in place of the reader that was handed out. */
    void select(List<String> columns) throws NpzException {
        batches.close();
        file.select(columns);
        restorer = new Restorer(stored, file);
        batches = new RestoringReader(file, restorer, metadata, allocator);
        handOut = new HandOut();
    }

    /** The schema, with the file's key-value metadata. */
    public Schema schema() {
        return batches.getVectorSchemaRoot().getSchema();
    }

    /**
     * The whole file as one frame, with the labels that its metadata hold (this library's own, else pandas'). The same
     * frame on every call, closed with this file.
     *
     * @throws NpzException when the data are damaged, or too long for one root (then {@link #reader()} serves)
     * @throws IllegalStateException after {@link #reader()}
     */
    public Frame frame() throws NpzException {
        return handOut.frame(() -> {
            root = join();
            return HandOut.labelled(root, restorer.dictionaries(), file.location(), ParquetFaults::reading);
        });
    }

    /**
     * The file's row groups as they come. Closed with this file.
     *
     * @throws IllegalStateException when called twice, or after {@link #frame()}
     */
    public ArrowReader reader() {
        return handOut.reader(batches);
    }

    private VectorSchemaRoot join() throws NpzException {
        List<FieldVector> columns = new ArrayList<>();
        try (Rollback undo = Rollback.all(columns);
                BatchJoin join = new BatchJoin(file.schema(), allocator, file.location())) {
            List<Field> read = file.schema().getFields();
            ArrowReader reader = file.reader();
            while (reader.loadNextBatch()) {
                join.add(reader.getVectorSchemaRoot(), reader);
                file.meter().add(reader.getVectorSchemaRoot().getRowCount());
                reader.getVectorSchemaRoot().clear();
            }
            for (int i = 0; i < read.size(); i++) {
                try (FieldVector column = join.column(i, allocator)) {
                    columns.add(restorer.restore(i, column));
                }
            }
            // Not the vectors' own fields: Arrow's list vectors rename their elements.
            return undo.commit(new VectorSchemaRoot(new Schema(restorer.fields(), metadata), columns, join.rows()));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw ParquetFaults.reading(file.location(), e);
        }
    }

    /** Closes the frame, the vectors and the file. May be called more than once. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        handOut.close();
        if (root != null) {
            root.close();
        }
        batches.close();
        file.close();
        stored.close();
        copy.close();
    }
}
