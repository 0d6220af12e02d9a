package org.arrownpz.frame.internal.write;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.TargetFormat;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.dtype.DType;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.exchange.FrameArrowReader;
import org.arrownpz.frame.internal.exchange.Interchange;
import org.arrownpz.frame.internal.exchange.RootFrames;
import org.arrownpz.frame.internal.store.ArraySinkFactory;
import org.arrownpz.frame.internal.store.ArraySinkFactory.ArraySink;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.vector.WriteReport;
import org.arrownpz.vector.internal.buffers.SteadyColumn;
import org.arrownpz.vector.internal.encode.ColumnEncoder;
import org.arrownpz.vector.internal.encode.ColumnEncoding;
import org.jspecify.annotations.Nullable;

/**
 * Writes the batches of a reader whose rows have been counted beforehand, each to its place in the file as it comes.
 * Holds one batch at a time, and a bit per row of the columns that have nulls.
 */
final class PositionalWriter implements FrameWriter.LaterBlocks, AutoCloseable {
    private final ArrowReader reader;
    private final VectorSchemaRoot root;
    private final RowCount rows;
    private final Path target;
    private final WriteOptions options;
    private final BufferAllocator allocator;
    private final List<FieldVector> samples = new ArrayList<>();
    /** The reader's position of each column of the frame. */
    private final List<Integer> positions = new ArrayList<>();

    private final List<SteadyColumn> columns = new ArrayList<>();
    private List<ColumnEncoding> encodings = List.of();
    private ByteSink[] sinks = {};
    private @Nullable NpzWriter archive;

    PositionalWriter(
            ArrowReader reader,
            VectorSchemaRoot root,
            RowCount rows,
            BufferAllocator allocator,
            Path target,
            WriteOptions options) {
        this.reader = reader;
        this.root = root;
        this.rows = rows;
        this.allocator = allocator;
        this.target = target;
        this.options = options;
    }

    /** A frame of which much would be converted, some rows at a time; null where another has to do it. */
    static @Nullable WriteReport write(FrameState frame, Path target, WriteOptions options) throws NpzException {
        int batchRows = frame.data().batchRows(frame.rowCount());
        if (batchRows >= frame.rowCount()
                || frame.form().kind() == FrameSummary.Kind.ARRAYS
                || WholeArrays.isOneArray(frame, options)) {
            return null;
        }
        Schema schema = Interchange.schema(frame, frame.fields());
        RowCount rows = RowCount.stated(Location.ofFile(target.toString()), frame.rowCount());
        try (ArrowReader reader = FrameArrowReader.of(frame, schema, null, batchRows);
                PositionalWriter writer = new PositionalWriter(
                        reader, reader.getVectorSchemaRoot(), rows, frame.allocator(), target, options)) {
            return writer.write(new ArrayList<>());
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    static NpzException failed(Path target, IOException cause) {
        if (cause instanceof NpzException typed) {
            return typed;
        }
        return Location.ofFile(target.toString())
                .error(ErrorCode.IO, "the batches to be written cannot be read: " + cause.getMessage())
                .cause(cause)
                .build();
    }

    /**
     * Writes all batches, or returns null before the first one is read where a column's place is not known beforehand.
     *
     * @param notes receives the reason why not
     */
    @Nullable
    WriteReport write(List<String> notes) throws NpzException {
        for (Field field : root.getSchema().getFields()) {
            samples.add(field.createVector(allocator));
        }
        DictionaryProvider none = new DictionaryProvider.MapDictionaryProvider();
        try (FrameState frame = RootFrames.of(root.getSchema(), samples, rows.stated(), none)) {
            List<List<FieldVector>> chunks = new ArrayList<>();
            frame.vectors().forEach(vector -> chunks.add(List.of(vector)));
            String obstacle = whyNotStreamable(frame, chunks);
            if (obstacle != null) {
                notes.add("batches were kept until the last one: " + obstacle);
                return null;
            }
            for (int column = 0; column < chunks.size(); column++) {
                Field field = chunks.get(column).get(0).getField();
                columns.add(new SteadyColumn(allocator, field, numpy(column)));
            }
            sinks = new ByteSink[columns.size()];
            try (NpzWriter writer = NpzWriter.create(target, options)) {
                archive = writer;
                ArraySink sink = ArraySinkFactory.archive(writer);
                return new FrameWriter(frame, chunks, encodings, sink, this).write();
            }
        } catch (InternalError e) {
            throw MemoryAccess.vanished(Location.ofFile(target.toString()), e);
        }
    }

    private @Nullable String whyNotStreamable(FrameState frame, List<List<FieldVector>> chunks) throws NpzException {
        if (TargetFormat.of(target) == TargetFormat.NPY) {
            return "a single array is written in one go";
        }
        if (options.deflateLevel() > 0) {
            return "members are deflated";
        }
        if (options.form() == ArchiveForm.ARRAYS
                || (options.form() == ArchiveForm.AS_READ && frame.form().kind() == FrameSummary.Kind.ARRAYS)) {
            return "the archive is one of plain arrays";
        }
        Map<FieldVector, Integer> places = new IdentityHashMap<>();
        for (int i = 0; i < samples.size(); i++) {
            places.put(samples.get(i), i);
        }
        for (List<FieldVector> chunk : chunks) {
            Integer place = places.get(chunk.get(0));
            if (place == null) {
                return "its index is a range that the batches do not hold";
            }
            positions.add(place);
        }
        if (frame.indexLevels() > 0) {
            return "the labels of its index are compared before they are written";
        }
        encodings = ColumnEncoder.planAll(chunks, options, true);
        for (int column = 0; column < encodings.size(); column++) {
            Field field = chunks.get(column).get(0).getField();
            String obstacle = SteadyColumn.whyNotStreamable(field, encodings.get(column));
            if (obstacle != null) {
                return "the place of the column " + SafeText.quote(field.getName()) + " is not known beforehand ("
                        + obstacle + ")";
            }
        }
        return null;
    }

    private ColumnEncoding.Numpy numpy(int column) {
        return (ColumnEncoding.Numpy) encodings.get(column);
    }

    @Override
    public void reserve(String member, List<Integer> block, boolean flat) throws NpzException {
        DType dtype = numpy(block.get(0)).dtype();
        Shape shape = flat ? Shape.of(rows.stated()) : Shape.of(rows.stated(), block.size());
        long bytes = Math.multiplyExact(rows.stated(), dtype.itemSize());
        byte[] header = FrameWriter.header(dtype, shape, StorageOrder.FORTRAN);
        List<ByteSink> parts = archive().reserve(member, header, block.size(), bytes);
        for (int i = 0; i < parts.size(); i++) {
            sinks[block.get(i)] = parts.get(i);
        }
    }

    private NpzWriter archive() {
        if (archive == null) {
            throw new IllegalStateException("No archive has been started");
        }
        return archive;
    }

    @Override
    public List<ColumnEncoding> fill() throws NpzException {
        try {
            while (reader.loadNextBatch()) {
                rows.add(root.getRowCount());
                writeBatch(root.getFieldVectors());
            }
        } catch (IOException e) {
            throw failed(target, e);
        }
        rows.end();
        List<ColumnEncoding> written = new ArrayList<>(columns.size());
        columns.forEach(column -> written.add(column.encoding()));
        return written;
    }

    private void writeBatch(List<FieldVector> vectors) throws NpzException {
        List<List<FieldVector>> batch = new ArrayList<>(columns.size());
        for (int position : positions) {
            FieldVector vector = vectors.get(position);
            rows.check(vector, root.getRowCount());
            batch.add(List.of(vector));
        }
        List<ColumnEncoding> planned = ColumnEncoder.planAll(batch, options, true);
        for (int column = 0; column < columns.size(); column++) {
            FieldVector chunk = batch.get(column).get(0);
            columns.get(column).add(chunk, planned.get(column)).writeTo(sinks[column]);
        }
    }

    @Override
    public ArrayContent validity(int column) {
        return columns.get(column).validity();
    }

    @Override
    public void close() {
        columns.forEach(SteadyColumn::close);
        samples.forEach(FieldVector::close);
    }
}
