package org.arrownpz.ipc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ipc.internal.IpcFaults;
import org.arrownpz.ipc.internal.message.BatchTable;
import org.arrownpz.ipc.internal.message.DictionaryTable;
import org.arrownpz.ipc.internal.message.FileSchema;
import org.arrownpz.ipc.internal.read.BatchLoader;
import org.arrownpz.ipc.internal.read.BatchLoader.LoadContext;
import org.arrownpz.ipc.internal.read.Body;
import org.arrownpz.ipc.internal.read.CopyTally;
import org.arrownpz.ipc.internal.read.IndexCheck;
import org.arrownpz.support.Rollback;
import org.arrownpz.support.SafeMemory;
import org.arrownpz.support.column.ColumnAssembler;
import org.arrownpz.support.column.SchemaMember;
import org.arrownpz.support.column.VectorJoin;
import org.arrownpz.support.column.VectorRows;
import org.jspecify.annotations.Nullable;

/**
 * Reading of batches and dictionaries that are checked before Arrow's vectors see them. Bad input leaves as
 * NpzException only.
 */
abstract class CheckedReader extends ArrowReader {
    private final Location location;
    private final LoadContext context;
    private @Nullable VectorSchemaRoot root;

    /**
     * @param writable whether vectors may be written to
     * @param text whether values are checked: the UTF-8 of strings, the digits of decimals
     * @param schema of the file
     */
    CheckedReader(BufferAllocator allocator, boolean writable, boolean text, FileSchema schema, Location location) {
        // Buffers are decompressed by the loader, under its own checks.
        super(allocator, NoCompressionCodec.Factory.INSTANCE);
        this.location = location;
        this.context = new LoadContext(
                allocator, new ColumnAssembler(allocator, writable, text, location), writable, text, schema, location);
    }

    /** An attempt to read. */
    interface Attempt<T> {
        T run() throws IOException;
    }

    /** Runs what reads from the file; whatever damaged input makes Java and Arrow throw leaves as a typed exception. */
    <T> T attempt(Attempt<T> attempt) throws NpzException {
        try {
            return attempt.run();
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError | InternalError e) {
            throw IpcFaults.reading(location, e);
        }
    }

    /** Something that reads and gives nothing. */
    interface Action {
        void run() throws IOException;
    }

    /** {@link #attempt} without a result. */
    void perform(Action action) throws NpzException {
        attempt(() -> {
            action.run();
            return true;
        });
    }

    Location location() {
        return location;
    }

    @Override
    public abstract boolean loadNextBatch() throws NpzException;

    /** Whether another batch follows the last one that was loaded. */
    abstract boolean atEnd() throws NpzException;

    /** File or stream. */
    abstract IpcOptions.Format format();

    /** The schema in message form: dictionary-encoded fields have the type of their values. */
    abstract Schema messageSchema() throws NpzException;

    /** The schema of the internal root: Arrow does not keep all of the given one. */
    @Override
    protected final Schema readSchema() {
        return new Schema(List.of());
    }

    @Override
    protected void initialize() throws NpzException {
        perform(() -> {
            super.initialize();
            Schema message = messageSchema();
            Map<Long, Dictionary> made = new HashMap<>();
            List<FieldVector> vectors = new ArrayList<>(message.getFields().size());
            try (Rollback undo = Rollback.of(() -> {
                vectors.forEach(FieldVector::close);
                made.values().forEach(dictionary -> dictionary.getVector().close());
            })) {
                makeDictionaries(message.getFields(), made);
                Schema memory = SchemaMember.memorySchema(message);
                for (Field field : memory.getFields()) {
                    vectors.add(field.createVector(allocator));
                }
                root = new VectorSchemaRoot(memory, vectors, 0);
                undo.commit();
            }
            dictionaries = Collections.unmodifiableMap(made);
        });
    }

    /** Makes the root anew, for another {@link #messageSchema}. */
    void reset() throws NpzException {
        getVectorSchemaRoot().close();
        dictionaries.values().forEach(dictionary -> dictionary.getVector().close());
        initialize();
    }

    private void makeDictionaries(List<Field> messageFields, Map<Long, Dictionary> made) {
        for (Field field : messageFields) {
            makeDictionaries(field.getChildren(), made);
            DictionaryEncoding encoding = field.getDictionary();
            if (encoding != null && !made.containsKey(encoding.getId())) {
                FieldVector values = SchemaMember.dictionaryField(field).createVector(allocator);
                made.put(encoding.getId(), new Dictionary(values, encoding));
            }
        }
    }

    @Override
    public synchronized VectorSchemaRoot getVectorSchemaRoot() throws NpzException {
        perform(this::ensureInitialized);
        return Objects.requireNonNull(root);
    }

    /**
     * Loads a record batch.
     *
     * @param fields the columns of the file, in message form
     * @param vectors their vectors, null where a column is not wanted
     * @param positions the places of the vectors in the root, null where all are in their place
     * @param offset of the message, for messages
     */
    void loadRows(
            BatchTable batch,
            Body body,
            List<Field> fields,
            List<? extends @Nullable FieldVector> vectors,
            int @Nullable [] positions,
            @Nullable CopyTally tally,
            long offset)
            throws IOException {
        VectorSchemaRoot target = getVectorSchemaRoot();
        // Where loading fails, some columns are of this batch, some of the one before.
        try (Rollback undo = Rollback.of(target::clear)) {
            int rows = new BatchLoader(batch, body, context, tally, offset).load(fields, vectors, positions);
            List<@Nullable FieldVector> unions = denseUnions(vectors);
            for (FieldVector union : unions) {
                if (union != null) {
                    union.clear();
                    VectorRows.standIn(union, rows);
                }
            }
            target.setRowCount(rows);
            if (!unions.isEmpty()) {
                new BatchLoader(batch, body, context, null, offset).load(fields, unions, positions);
            }
            if (!dictionaries.isEmpty()) {
                for (FieldVector vector : target.getFieldVectors()) {
                    IndexCheck.check(vector, dictionaries, location, offset);
                }
            }
            if (context.text() || !dictionaries.isEmpty()) {
                SafeMemory.deliverFaults();
            }
            if (context.text()) {
                for (FieldVector vector : target.getFieldVectors()) {
                    VectorRows.requireDigits(vector, location, offset);
                }
            }
            undo.commit();
        }
    }

    /** The vectors with all but those that hold dense unions replaced by null; empty where there are none. */
    private static List<@Nullable FieldVector> denseUnions(List<? extends @Nullable FieldVector> vectors) {
        List<@Nullable FieldVector> unions = List.of();
        for (int i = 0; i < vectors.size(); i++) {
            FieldVector vector = vectors.get(i);
            if (vector != null && VectorRows.holdsDenseUnion(vector)) {
                unions = unions.isEmpty() ? new ArrayList<>(Collections.nCopies(vectors.size(), null)) : unions;
                unions.set(i, vector);
            }
        }
        return unions;
    }

    /** Loads a dictionary, or adds to it. */
    void loadDictionary(DictionaryTable table, Body body, long offset) throws NpzException {
        long id = table.id();
        Dictionary dictionary = dictionaries.get(id);
        if (dictionary == null) {
            throw location.error(ErrorCode.META_SCHEMA, "a dictionary has an id that the schema does not know")
                    .at(offset)
                    .found(id)
                    .build();
        }
        FieldVector vector = dictionary.getVector();
        Field field = vector.getField();
        BatchLoader loader = new BatchLoader(table.values(location, offset), body, context, null, offset);
        try (FieldVector loaded = field.createVector(allocator)) {
            int rows = loader.load(List.of(field), List.of(loaded), null);
            if (!VectorRows.holdsDenseUnion(loaded)) {
                // Dense unions would cut their children.
                loaded.setValueCount(rows);
            }
            for (FieldVector child : loaded.getChildrenFromFields()) {
                IndexCheck.check(child, dictionaries, location, offset);
            }
            SafeMemory.deliverFaults();
            if (context.text()) {
                VectorRows.requireDigits(loaded, location, offset);
            }
            if (table.isDelta()) {
                try (FieldVector extended = VectorJoin.of(List.of(vector, loaded), allocator, location)) {
                    replace(vector, extended);
                }
            } else {
                replace(vector, loaded);
            }
        }
    }

    // Arrow's own transfer loses the children of dense unions.
    private static void replace(FieldVector vector, FieldVector other) {
        vector.clear();
        VectorRows.load(other, vector);
    }

    @Override
    public void close() throws IOException {
        close(true);
    }

    /** Closes vectors and dictionaries, and the source where asked for. May be called more than once. */
    @Override
    public void close(boolean closeReadSource) throws IOException {
        super.close(closeReadSource);
        if (root != null) {
            root.close();
        }
        context.assembler().close();
    }
}
