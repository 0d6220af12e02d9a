package org.arrownpz.ipc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.jspecify.annotations.Nullable;

/** Batches of an IPC file or stream, checked before Arrow's vectors see them. Bad input leaves as NpzException only. */
final class IpcReader extends ArrowReader {
    private final MessageSource source;
    private final Location location;
    private final boolean text;
    private final Set<Long> replaced = new HashSet<>();
    private MessageSource.@Nullable Item pending;
    private boolean loadedRows;

    /** Takes over the source. */
    IpcReader(BufferAllocator allocator, MessageSource source, Location location, boolean text) {
        // Buffers are decompressed by the decoder, under its own checks.
        super(allocator, NoCompressionCodec.Factory.INSTANCE);
        this.source = source;
        this.location = location;
        this.text = text;
    }

    Location location() {
        return location;
    }

    /** Ids of dictionaries that were replaced after rows had been read with the former ones. */
    Set<Long> replacedDictionaries() {
        return replaced;
    }

    @Override
    protected Schema readSchema() throws NpzException {
        return source.schema();
    }

    @Override
    protected void initialize() throws IOException {
        try {
            super.initialize();
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw IpcFaults.reading(location, e);
        }
    }

    @Override
    public boolean loadNextBatch() throws NpzException {
        try {
            prepareLoadNextBatch();
            while (true) {
                try (MessageSource.Item item = next()) {
                    if (item == null) {
                        return false;
                    }
                    switch (item.message().headerType()) {
                        case MessageHeader.RecordBatch -> {
                            loadRows(item);
                            return true;
                        }
                        case MessageHeader.DictionaryBatch -> loadDictionary(item);
                        default ->
                            throw location.fault(ErrorCode.META_SCHEMA, "a message is no batch")
                                    .at(item.offset())
                                    .found("message type " + item.message().headerType())
                                    .exception();
                    }
                }
            }
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError | InternalError e) {
            throw IpcFaults.reading(location, e);
        }
    }

    /** Whether no message follows the last batch. */
    boolean atEnd() throws NpzException {
        if (pending == null) {
            pending = source.next(allocator);
        }
        return pending == null;
    }

    private MessageSource.@Nullable Item next() throws NpzException {
        MessageSource.Item item = pending;
        pending = null;
        return item != null ? item : source.next(allocator);
    }

    private void loadRows(MessageSource.Item item) throws IOException {
        if (!(item.message().header(new RecordBatch()) instanceof RecordBatch batch)) {
            throw Metadata.truncated(location, item.offset());
        }
        List<Field> fields = getVectorSchemaRoot().getSchema().getFields();
        ArrowRecordBatch decoded =
                new BatchDecoder(batch, item.body(), allocator, text, location, item.offset()).decode(fields);
        loadRecordBatch(decoded);
        loadedRows = true;
        for (FieldVector vector : getVectorSchemaRoot().getFieldVectors()) {
            checkIndices(vector, item.offset());
        }
    }

    private void loadDictionary(MessageSource.Item item) throws IOException {
        if (!(item.message().header(new DictionaryBatch()) instanceof DictionaryBatch batch) || batch.data() == null) {
            throw Metadata.truncated(location, item.offset());
        }
        long id = batch.id();
        Dictionary dictionary = dictionaries.get(id);
        if (dictionary == null) {
            throw location.fault(ErrorCode.META_SCHEMA, "a dictionary has an id that the schema does not know")
                    .at(item.offset())
                    .found(id)
                    .exception();
        }
        FieldVector vector = dictionary.getVector();
        ArrowRecordBatch values = new BatchDecoder(batch.data(), item.body(), allocator, text, location, item.offset())
                .decode(List.of(vector.getField()));
        if (!batch.isDelta() && loadedRows) {
            replace(id, vector, values);
        } else {
            loadDictionary(new ArrowDictionaryBatch(id, values, batch.isDelta()));
        }
        for (FieldVector child : vector.getChildrenFromFields()) {
            checkIndices(child, item.offset());
        }
    }

    /** Streams may repeat or extend a dictionary; only one that changes makes a difference to rows read before. */
    private void replace(long id, FieldVector vector, ArrowRecordBatch values) {
        try (FieldVector former = vector.getField().createVector(allocator)) {
            vector.makeTransferPair(former).transfer();
            loadDictionary(new ArrowDictionaryBatch(id, values, false));
            int count = former.getValueCount();
            boolean extended = count <= vector.getValueCount()
                    && new RangeEqualsVisitor(former, vector).rangeEquals(new Range(0, 0, count));
            if (!extended) {
                replaced.add(id);
            }
        }
    }

    private void checkIndices(FieldVector vector, long offset) throws NpzException {
        if (vector.getField().getDictionary() != null) {
            Dictionary dictionary =
                    dictionaries.get(vector.getField().getDictionary().getId());
            if (dictionary == null || !(vector instanceof BaseIntVector indices)) {
                throw location.fault(ErrorCode.META_SCHEMA, "a dictionary column lacks its dictionary")
                        .at(offset)
                        .exception();
            }
            int size = dictionary.getVector().getValueCount();
            for (int i = 0; i < vector.getValueCount(); i++) {
                if (!vector.isNull(i) && (indices.getValueAsLong(i) < 0 || indices.getValueAsLong(i) >= size)) {
                    throw location.fault(
                                    ErrorCode.META_SCHEMA,
                                    "column " + SafeText.quote(vector.getName())
                                            + " has a dictionary index out of range")
                            .at(offset)
                            .expected("0 to " + (size - 1))
                            .found(indices.getValueAsLong(i))
                            .exception();
                }
            }
        }
        for (FieldVector child : new ArrayList<>(vector.getChildrenFromFields())) {
            checkIndices(child, offset);
        }
    }

    @Override
    public long bytesRead() {
        return source.bytesRead();
    }

    @Override
    protected void closeReadSource() {
        if (pending != null) {
            pending.close();
            pending = null;
        }
        source.close();
    }
}
