package org.arrownpz.ipc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.io.ByteSource;
import org.arrownpz.ipc.internal.message.BatchTable;
import org.arrownpz.ipc.internal.message.DictionaryLog;
import org.arrownpz.ipc.internal.message.DictionaryTable;
import org.arrownpz.ipc.internal.message.MappedMessages;
import org.arrownpz.ipc.internal.read.Body;
import org.arrownpz.ipc.internal.read.CopyTally;
import org.arrownpz.ipc.internal.read.Projection;
import org.arrownpz.support.Meter;
import org.arrownpz.vector.CopyReport;
import org.jspecify.annotations.Nullable;

/**
 * An IPC file, or a stream that lies in a file, as a sequence of batches that can also be read in any order. Opened by
 * {@link Ipc#open}, closed by the caller.
 *
 * <p>Vectors of uncompressed batches view the mapped file: loading a batch costs per column, not per byte. <b>Do not
 * write to them: with {@link Mapping#READ_ONLY} that ends the JVM.</b> What has to be copied (compressed or big-endian
 * buffers, those that are not at a multiple of 8 bytes) lies in allocator memory; {@link #copyReport()} tells. Before
 * vectors see a buffer, its place, length and structure (offsets, views, type codes, run ends, dictionary indices) are
 * checked; that reads the structure's pages, and no values.
 *
 * <p>As with every {@code ArrowReader}, root and dictionaries belong to the reader, and each batch replaces the one
 * before. Vectors transferred out of the root live on when the reader is closed; the mapping goes with the last of them.
 * Used by one thread at a time. Loading and closing exclude each other, so that a close by another thread is safe:
 * loading is an {@link IllegalStateException} afterwards, and the vectors of the root are empty.
 */
public final class MappedIpcReader extends CheckedReader {
    private final ByteSource source;
    private final MappedMessages messages;
    private Projection projection;
    private final List<String> notes;
    private final Meter meter;
    private final Map<Long, Integer> loadedDictionaries = new HashMap<>();
    private @Nullable ArrowBuf region;
    private CopyTally tally = new CopyTally(0);
    private Map<String, String> batchMetadata = Map.of();
    private int next;
    private long bodyBytes;
    private boolean closed;

    /** Takes over the source when it returns normally. */
    MappedIpcReader(
            BufferAllocator allocator,
            ByteSource source,
            MappedMessages messages,
            IpcReadOptions options,
            List<String> notes,
            Location location)
            throws NpzException {
        super(
                allocator,
                options.mapping() != Mapping.READ_ONLY,
                options.verify() == Verify.CONTENT,
                messages.schema(),
                location);
        this.source = source;
        this.messages = messages;
        this.projection = new Projection(messages.schema().arrow(), options.columns());
        this.notes = notes;
        this.meter = Meter.begin(source.size(), source.size());
        // Last: what could fail after it would leak.
        this.region = source.size() > 0 && source.views(source.size()) ? source.region(0, source.size()) : null;
    }

    /** File or stream. */
    @Override
    public IpcOptions.Format format() {
        return messages.isStream() ? IpcOptions.Format.STREAM : IpcOptions.Format.FILE;
    }

    /** Key-value pairs of the file's footer, or of a stream's schema message; the schema has its own. */
    public Map<String, String> fileMetadata() throws NpzException {
        return messages.fileMetadata();
    }

    /** Key-value pairs of the message that the loaded batch came in; empty before the first. */
    public Map<String, String> batchMetadata() {
        return batchMetadata;
    }

    /**
     * The number of record batches. A file tells it; a stream is followed to its end, from message to message.
     *
     * @throws NpzException when a message on the way is damaged
     */
    public synchronized int batchCount() throws NpzException {
        requireOpen();
        return attempt(messages::batchCount);
    }

    /**
     * Reads these columns alone from here on, in this order; before the first batch.
     *
     * @throws IllegalArgumentException when one is not there, or there twice
     * @throws IllegalStateException after a batch, or when it is closed
     */
    public synchronized void select(List<String> columns) throws NpzException {
        requireOpen();
        if (next > 0) {
            throw new IllegalStateException("A batch was read already");
        }
        projection = new Projection(messages.schema().arrow(), columns);
        reset();
    }

    /** The bytes viewed and copied for the loaded batch, column by column; dictionaries are not part of it. */
    public CopyReport copyReport() throws NpzException {
        return tally.report(
                tally.columns() == 0
                        ? List.of()
                        : getVectorSchemaRoot().getSchema().getFields(),
                notes);
    }

    /**
     * Loads the batch after the last one that was loaded, by number or in order, into the root.
     *
     * @return false, with an empty root, where there is no further one
     * @throws NpzException META_SCHEMA or DATA_TRUNCATED for damaged files, LIMIT, FILE_CHANGED; the root is empty then
     */
    @Override
    public synchronized boolean loadNextBatch() throws NpzException {
        requireOpen();
        if (!attempt(() -> messages.has(next))) {
            getVectorSchemaRoot().clear();
            return false;
        }
        load(next);
        return true;
    }

    /**
     * Loads a batch by its number, with the dictionaries as they are at its place.
     *
     * @throws NpzException as {@link #loadNextBatch()}
     * @throws IndexOutOfBoundsException when there is no such batch
     */
    public synchronized void loadBatch(int number) throws NpzException {
        requireOpen();
        if (number < 0 || !attempt(() -> messages.has(number))) {
            throw new IndexOutOfBoundsException("There is no batch " + number);
        }
        load(number);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The reader is closed");
        }
    }

    private void load(int number) throws NpzException {
        perform(() -> {
            List<FieldVector> wanted = getVectorSchemaRoot().getFieldVectors();
            if (!dictionaries.isEmpty()) {
                bringDictionaries(messages.dictionariesBefore(number));
            }
            MappedMessages.Block block = messages.batch(number);
            Message message = messages.message(block);
            if (message.headerType() != MessageHeader.RecordBatch) {
                throw location()
                        .error(ErrorCode.META_SCHEMA, "the footer takes another message for a record batch")
                        .at(block.offset())
                        .build();
            }
            BatchTable batch = BatchTable.of(message, location(), block.offset());
            tally = new CopyTally(wanted.size());
            List<Field> fields = messages.schema().arrow().getFields();
            withBody(
                    block,
                    projection.isWhole(),
                    body -> loadRows(
                            batch,
                            body,
                            fields,
                            projection.vectors(wanted),
                            projection.positions(),
                            tally,
                            block.offset()));
            batchMetadata = MappedMessages.metadata(message, location(), block.offset());
            next = number + 1;
            meter.set(bytesRead());
        });
    }

    private interface Loading {
        void from(Body body) throws IOException;
    }

    /** Gets the whole body by one read if nothing is mapped and all is wanted. */
    private void withBody(MappedMessages.Block block, boolean whole, Loading loading) throws IOException {
        bodyBytes += block.bodyLength();
        if (region != null) {
            loading.from(Body.of(region, block.bodyOffset(), block.bodyLength(), true));
        } else if (whole && !source.views(0) && block.bodyLength() > 0) {
            try (ArrowBuf copy = source.region(block.bodyOffset(), block.bodyLength())) {
                loading.from(Body.of(copy, 0, block.bodyLength(), false));
            }
        } else {
            loading.from(Body.of(source, block.bodyOffset(), block.bodyLength()));
        }
    }

    /** Loads what the wanted columns' dictionaries lack at a place, or all of them where the place lies further back. */
    private void bringDictionaries(int before) throws IOException {
        List<DictionaryLog.Entry> missing = new ArrayList<>();
        Map<Long, Integer> state = new HashMap<>();
        for (Long id : dictionaries.keySet()) {
            DictionaryLog log = messages.log(id);
            int place = log.lastBefore(before);
            int loaded = loadedDictionaries.getOrDefault(id, -1);
            if (place >= 0) {
                state.put(id, place);
                int start = log.get(place).start();
                if (start < 0) {
                    throw location()
                            .error(ErrorCode.META_SCHEMA, "a dictionary is extended before there is one")
                            .at(log.get(place).block().offset())
                            .build();
                }
                boolean extend =
                        loaded >= 0 && loaded <= place && log.get(loaded).start() == start;
                for (int i = extend ? loaded + 1 : start; i <= place; i++) {
                    missing.add(log.get(i));
                }
            } else if (loaded >= 0) {
                loadedDictionaries.remove(id);
                Objects.requireNonNull(dictionaries.get(id)).getVector().clear();
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        loadedDictionaries.clear();
        missing.sort(Comparator.comparingInt(DictionaryLog.Entry::number));
        for (DictionaryLog.Entry entry : missing) {
            MappedMessages.Block block = entry.block();
            DictionaryTable table = DictionaryTable.of(messages.message(block), location(), block.offset());
            withBody(block, true, body -> loadDictionary(table, body, block.offset()));
        }
        loadedDictionaries.putAll(state);
    }

    @Override
    boolean atEnd() throws NpzException {
        return !attempt(() -> messages.has(next));
    }

    /** Bytes of metadata that were read, and of the bodies of loaded messages whether they were touched or not. */
    @Override
    public long bytesRead() {
        return messages.bytesRead() + bodyBytes;
    }

    /** The schema of the wanted columns; dictionary-encoded fields have the type of their values here. */
    @Override
    Schema messageSchema() {
        return projection.schema();
    }

    @Override
    public synchronized void close(boolean closeReadSource) throws IOException {
        super.close(closeReadSource);
    }

    @Override
    protected void closeReadSource() {
        closed = true;
        meter.end();
        if (region != null) {
            region.close();
            region = null;
        }
        source.close();
    }
}
