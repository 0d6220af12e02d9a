package org.arrownpz.parquet.internal.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.internal.storage.Meter;

/**
 * A Parquet file as it is written (parquet-format, README.md, "File format"): columns of many rows become row groups,
 * one chunk for each leaf. Chunks are kept in memory until their row group is complete.
 */
public final class FileEncoder implements AutoCloseable {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 2;
    /** Row groups that take more memory end early. */
    private static final long MAX_GROUP_BYTES = 128L << 20;
    /** Pages of a batch end with it where all open ones would take more: those of wide tables. */
    private static final long MAX_OPEN_BYTES = 32L << 20;
    /** And those whose lists have more elements. */
    private static final long MAX_GROUP_ELEMENTS = 16 << 20;

    private static final int BUFFER = 1 << 18;

    private final WritableByteChannel channel;
    private final List<Field> fields;
    private final DictionaryProvider dictionaries;
    private final List<List<Leaf>> columns;
    private final Settings options;
    private final BufferAllocator allocator;
    private final Location location;
    private final PageCodec codec;
    private final ColumnChunk.Workspace work = new ColumnChunk.Workspace();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final List<ThriftStruct> groups = new ArrayList<>();
    private final List<List<ColumnChunk>> chunks = new ArrayList<>();
    private Meter meter = Meter.NONE;
    private long position;
    private long groupRows;
    private long rows;

    /**
     * Starts a file.
     *
     * @param fields of the columns as they are stored
     * @param dictionaries of encoded columns
     * @param allocator for row groups until they are complete
     */
    public FileEncoder(
            WritableByteChannel channel,
            List<Field> fields,
            DictionaryProvider dictionaries,
            Settings options,
            BufferAllocator allocator,
            Location location)
            throws IOException {
        this.channel = channel;
        this.fields = fields;
        this.dictionaries = dictionaries;
        this.columns = schema(fields).columns();
        this.options = options;
        this.allocator = allocator;
        this.location = location;
        this.codec = new PageCodec(options.codec(), options.level());
        write(ByteBuffer.wrap(MAGIC));
    }

    private FileSchema schema(List<Field> declared) {
        return new FileSchema(
                fields,
                declared,
                field -> dictionaries
                        .lookup(field.getDictionary().getId())
                        .getVector()
                        .getField());
    }

    /** Tells a meter of each value of each column that is encoded from now on. */
    public void metered(Meter told) {
        meter = told;
    }

    /** Adds rows, in the form that they are stored in; the columns stay the caller's. */
    public void add(List<FieldVector> batch, int count) throws IOException {
        int done = 0;
        while (done < count) {
            int rows = (int) Math.min(count - done, options.groupRows() - groupRows);
            int end = done + rows;
            while (end - done > 1 && elements(batch, done, end) > MAX_GROUP_ELEMENTS) {
                end = done + (end - done) / 2;
            }
            boolean complete = end - done < rows || groupRows + rows == options.groupRows();
            addToGroup(batch, done, end, complete);
            done = end;
        }
        if (chunks.stream().flatMap(List::stream).mapToLong(ColumnChunk::bytes).sum() > MAX_GROUP_BYTES) {
            endGroup();
        }
    }

    private long elements(List<FieldVector> batch, int from, int to) {
        long most = 0;
        for (int i = 0; i < columns.size(); i++) {
            for (Leaf leaf : columns.get(i)) {
                most = Math.max(most, Shredder.elements(batch.get(i), leaf, from, to));
            }
        }
        return most;
    }

    private void addToGroup(List<FieldVector> batch, int from, int to, boolean complete) throws IOException {
        boolean fresh = chunks.isEmpty();
        if (fresh) {
            columns.forEach(leaves -> chunks.add(new ArrayList<>()));
        }
        groupRows += to - from;
        int leaves = columns.stream().mapToInt(List::size).sum();
        Group group = new Group();
        for (int i = 0; i < columns.size(); i++) {
            List<ColumnChunk> own = chunks.get(i);
            for (int j = 0; j < columns.get(i).size(); j++) {
                if (fresh) {
                    Leaf leaf = columns.get(i).get(j);
                    own.add(new ColumnChunk(leaf, options, codec, work, dictionaries, allocator, location));
                }
                // What is complete is written, and let go at once: a table may have many columns.
                ColumnChunk chunk = own.get(complete ? 0 : j);
                chunk.add(batch.get(i), from, to);
                if (!complete && chunk.openBytes() > MAX_OPEN_BYTES / leaves) {
                    chunk.endLongPage();
                }
                if (complete) {
                    group.take(chunk);
                    own.remove(0);
                }
            }
            meter.add(to - from);
        }
        if (complete) {
            group.end();
        }
    }

    private void endGroup() throws IOException {
        Group group = new Group();
        for (List<ColumnChunk> own : chunks) {
            for (ColumnChunk chunk : own) {
                group.take(chunk);
            }
        }
        group.end();
    }

    /** The footer's facts on a row group. */
    private final class Group {
        private final List<ThriftStruct> written = new ArrayList<>();
        private final long start = position;
        private long plainBytes;

        void take(ColumnChunk chunk) throws IOException {
            ColumnChunk.Written column = chunk.write(FileEncoder.this::write, position);
            chunk.close();
            written.add(column.column());
            plainBytes += column.plainBytes();
        }

        void end() {
            ThriftStruct group = new ThriftStruct()
                    .structs(1, written)
                    .i64(2, plainBytes)
                    .i64(3, groupRows)
                    .i64(5, start)
                    .i64(6, position - start);
            // A file may have more groups than their numbers, which may be left out, can count.
            groups.add(groups.size() > Short.MAX_VALUE ? group : group.i16(7, groups.size()));
            rows += groupRows;
            groupRows = 0;
            chunks.clear();
        }
    }

    /**
     * Writes the last row group and the footer.
     *
     * @param declared the columns' fields with extension types as metadata
     */
    public void finish(List<Field> declared, Map<String, String> metadata) throws IOException {
        if (groupRows > 0) {
            endGroup();
        }
        FileSchema schema = schema(declared);
        List<ThriftStruct> pairs = new ArrayList<>();
        metadata.forEach(
                (key, value) -> pairs.add(new ThriftStruct().text(1, key).text(2, value)));
        List<ThriftStruct> orders = new ArrayList<>();
        columns.forEach(leaves -> leaves.forEach(leaf -> orders.add(new ThriftStruct().struct(1, new ThriftStruct()))));
        Bytes footer = new Bytes();
        new ThriftStruct()
                .i32(1, VERSION)
                .structs(2, schema.elements())
                .i64(3, rows)
                .structs(4, groups)
                .structs(5, pairs)
                .text(6, createdBy())
                .structs(7, orders)
                .writeTo(footer);
        footer.putInt(footer.size());
        footer.put(MAGIC, 0, MAGIC.length);
        write(ByteBuffer.wrap(footer.array(), 0, footer.size()));
        flush();
    }

    /** In the form that readers look for. */
    private static String createdBy() {
        String version = FileEncoder.class.getPackage().getImplementationVersion();
        return "arrow-npz version " + (version == null ? "0" : version);
    }

    private void write(ByteBuffer bytes) throws IOException {
        position += bytes.remaining();
        if (bytes.remaining() > buffer.remaining()) {
            flush();
        }
        if (bytes.remaining() <= buffer.remaining()) {
            buffer.put(bytes);
            return;
        }
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() {
        chunks.forEach(own -> own.forEach(ColumnChunk::close));
        codec.close();
    }
}
