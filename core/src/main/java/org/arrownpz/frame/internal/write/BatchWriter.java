package org.arrownpz.frame.internal.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ColumnLayout;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.exchange.RootFrames;
import org.arrownpz.frame.internal.read.FrameOpener;
import org.arrownpz.internal.storage.ScratchDirectory;
import org.arrownpz.support.column.DictionaryJoin;
import org.arrownpz.vector.WriteReport;
import org.arrownpz.vector.internal.buffers.ExactVectors;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.jspecify.annotations.Nullable;

/**
 * Writes the batches of a reader as one frame. Arrays lie column by column in the file and batches do not, so that
 * batches are kept until the last one: in memory up to a bound, beyond it as mapped temporary files beside the target.
 */
public final class BatchWriter implements AutoCloseable {
    public static final long HELD_BYTES = 128L << 20;
    private static final WriteOptions SPOOL =
            WriteOptions.defaults().withLayout(ColumnLayout.ARROW).withDurability(Durability.RENAME_ONLY);

    private final BufferAllocator allocator;
    private final Path target;
    private final long heldLimit;
    private final List<List<FieldVector>> batches = new ArrayList<>();
    private final List<AutoCloseable> owned = new ArrayList<>();
    private final DictionaryJoin dictionaries;
    private final RowCount rows;
    private final List<String> notes;
    private long held;
    private @Nullable ScratchDirectory spool;

    private BatchWriter(BufferAllocator allocator, Path target, long heldLimit, RowCount rows, List<String> notes) {
        this.allocator = allocator;
        this.target = target;
        this.heldLimit = heldLimit;
        this.rows = rows;
        this.notes = notes;
        this.dictionaries = new DictionaryJoin(allocator, Location.ofFile(target.toString()));
    }

    /** Writes batches, of which no more bytes are held in memory than the limit. */
    public static WriteReport write(ArrowReader reader, Path target, WriteOptions options, long heldLimit)
            throws NpzException {
        return write(reader, RowCount.unknown(Location.ofFile(target.toString())), target, options, heldLimit);
    }

    public static WriteReport write(ArrowReader reader, long rows, Path target, WriteOptions options, long heldLimit)
            throws NpzException {
        RowCount count = RowCount.stated(Location.ofFile(target.toString()), rows);
        return write(reader, count, target, options, heldLimit);
    }

    private static WriteReport write(
            ArrowReader reader, RowCount rows, Path target, WriteOptions options, long heldLimit) throws NpzException {
        VectorSchemaRoot root;
        try {
            root = reader.getVectorSchemaRoot();
        } catch (IOException e) {
            throw PositionalWriter.failed(target, e);
        }
        if (root.getFieldVectors().isEmpty()) {
            return withoutColumns(reader, root, rows, target, options);
        }
        BufferAllocator allocator = RootFrames.allocator(root.getFieldVectors());
        List<String> notes = new ArrayList<>();
        if (rows.isStated()) {
            try (PositionalWriter writer = new PositionalWriter(reader, root, rows, allocator, target, options)) {
                WriteReport report = writer.write(notes);
                if (report != null) {
                    return report;
                }
            }
        }
        try (BatchWriter writer = new BatchWriter(allocator, target, heldLimit, rows, notes)) {
            writer.collect(reader, root);
            return writer.finish(root, options);
        }
    }

    private static WriteReport withoutColumns(
            ArrowReader reader, VectorSchemaRoot root, RowCount rows, Path target, WriteOptions options)
            throws NpzException {
        try {
            while (reader.loadNextBatch()) {
                rows.add(root.getRowCount());
            }
        } catch (IOException e) {
            throw PositionalWriter.failed(target, e);
        }
        rows.end();
        DictionaryProvider none = new DictionaryProvider.MapDictionaryProvider();
        try (FrameState frame = RootFrames.of(root.getSchema(), List.of(), rows.found(), none)) {
            return WriterChoice.write(frame, target, options);
        }
    }

    private void collect(ArrowReader reader, VectorSchemaRoot root) throws NpzException {
        try {
            while (reader.loadNextBatch()) {
                dictionaries.add(current(reader));
                rows.add(root.getRowCount());
                long bytes = 0;
                for (FieldVector vector : root.getFieldVectors()) {
                    bytes += VectorSlices.bytes(vector);
                }
                if (held + bytes <= heldLimit) {
                    held += bytes;
                    hold(root);
                } else {
                    spool(root, current(reader));
                }
            }
            if (batches.isEmpty()) {
                // What the columns of no rows refer to.
                dictionaries.add(current(reader));
                hold(root);
            }
        } catch (IOException e) {
            throw PositionalWriter.failed(target, e);
        }
        rows.end();
    }

    private void hold(VectorSchemaRoot root) throws NpzException {
        List<FieldVector> batch = new ArrayList<>();
        int count = root.getRowCount();
        for (int i = 0; i < root.getFieldVectors().size(); i++) {
            FieldVector vector =
                    exact(root.getVector(i), root.getSchema().getFields().get(i));
            FieldVector kept = vector.getValueCount() == count
                    ? VectorSlices.whole(vector, allocator)
                    : VectorSlices.share(List.of(vector), allocator, 0, count, Location.ofFile(null))
                            .get(0);
            owned.add(kept);
            batch.add(kept);
        }
        batches.add(batch);
    }

    // Flight, for one, fills vectors that know less of their fields than the schema does.
    private FieldVector exact(FieldVector vector, Field field) {
        FieldVector exact = ExactVectors.of(vector, field, allocator);
        if (exact == null) {
            return vector;
        }
        owned.add(exact);
        return exact;
    }

    private void spool(VectorSchemaRoot root, DictionaryProvider own) throws IOException {
        if (spool == null) {
            spool = ScratchDirectory.beside(target);
            notes.add("batches beyond " + heldLimit + " bytes were kept in temporary files beside the target");
        }
        Path file = spool.path().resolve("batch.npz");
        // Labels and metadata are those of the whole: a batch is a plain root here.
        VectorSchemaRoot plain = new VectorSchemaRoot(
                new Schema(root.getSchema().getFields()), root.getFieldVectors(), root.getRowCount());
        try (FrameState frame = RootFrames.of(plain, own)) {
            WriterChoice.write(frame, file, SPOOL);
        }
        FrameState mapped = FrameOpener.open(allocator, file, ReadOptions.defaults());
        owned.add(mapped);
        batches.add(mapped.vectors());
        // The mapping holds the content; without a name the file is gone with it, however this process ends.
        Files.deleteIfExists(file);
    }

    private WriteReport finish(VectorSchemaRoot root, WriteOptions options) throws NpzException {
        DictionaryProvider joined = dictionaries.join();
        List<FieldVector> first = new ArrayList<>(batches.get(0));
        List<List<FieldVector>> columns = new ArrayList<>(first.size());
        for (int i = 0; i < first.size(); i++) {
            columns.add(column(i));
            first.set(i, columns.get(i).get(0));
        }
        Map<FieldVector, List<FieldVector>> byFirst = new IdentityHashMap<>();
        columns.forEach(column -> byFirst.put(column.get(0), column));
        try (FrameState frame = RootFrames.of(schema(root, first), first, rows.found(), joined)) {
            List<List<FieldVector>> chunks = new ArrayList<>();
            // A frame puts its index first, and may add one that the batches do not hold.
            frame.vectors().forEach(vector -> chunks.add(byFirst.getOrDefault(vector, List.of(vector))));
            try (WriterChoice.Columns written = WriterChoice.Columns.of(chunks, frame, options)) {
                WriteReport report = WriterChoice.write(frame, written, target, options);
                return notes.isEmpty() ? report : new WriteReport(report.columns(), notes(report));
            }
        }
    }

    private List<String> notes(WriteReport report) {
        List<String> all = new ArrayList<>(report.notes());
        all.addAll(notes);
        return all;
    }

    // Vectors may know more of their fields than the stream's schema does.
    private static Schema schema(VectorSchemaRoot root, List<FieldVector> first) {
        List<Field> fields = new ArrayList<>(first.size());
        first.forEach(vector -> fields.add(vector.getField()));
        return new Schema(fields, root.getSchema().getCustomMetadata());
    }

    // One dictionary stands for those of all batches: where a batch had another, its indices change.
    private List<FieldVector> column(int position) throws NpzException {
        List<FieldVector> column = new ArrayList<>(batches.size());
        for (int batch = 0; batch < batches.size(); batch++) {
            FieldVector chunk = batches.get(batch).get(position);
            FieldVector mapped = dictionaries.mapped(batch, chunk);
            if (mapped != null) {
                owned.add(mapped);
            }
            column.add(mapped == null ? chunk : mapped);
        }
        return column;
    }

    private static DictionaryProvider current(ArrowReader reader) throws IOException {
        DictionaryProvider.MapDictionaryProvider provider = new DictionaryProvider.MapDictionaryProvider();
        reader.getDictionaryVectors().values().forEach(provider::put);
        return provider;
    }

    @Override
    public void close() throws NpzException {
        dictionaries.close();
        AutoCloseables.closeNoChecked(() -> AutoCloseables.close(owned));
        if (spool != null) {
            spool.close();
        }
    }
}
