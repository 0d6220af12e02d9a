package org.arrownpz.parquet.internal.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.parquet.internal.type.ParquetTypes;
import org.arrownpz.support.Meter;

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

    /** Steps that lead to the size of a row group, and the least rows of each. */
    private static final int STEPS = 8;

    private static final int MIN_STEP = 1 << 10;
    private static final int BUFFER = 1 << 18;

    private final WritableByteChannel channel;
    private final List<Field> fields;
    private final DictionaryProvider dictionaries;
    private final List<List<Leaf>> columns;
    private final Settings options;
    private final ColumnChunk.Workspace work;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final List<ThriftStruct> groups = new ArrayList<>();
    private final List<ThriftStruct> order = new ArrayList<>();
    private final List<Facts> facts = new ArrayList<>();
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
        requireColumns();
        this.work = new ColumnChunk.Workspace(options, dictionaries, allocator, location);
        write(ByteBuffer.wrap(MAGIC));
    }

    /** Refuses options for columns that the file does not have, or cannot have them. */
    private void requireColumns() {
        List<Leaf> leaves = columns.stream().flatMap(List::stream).toList();
        Set<String> unknown = new LinkedHashSet<>(options.bloomFilters);
        unknown.addAll(options.encodings.keySet());
        options.order.forEach(by -> unknown.add(by.column()));
        for (Leaf leaf : leaves) {
            unknown.remove(leaf.path().get(0));
            unknown.remove(leaf.name());
            Integer encoding = leaf.named(options.encodings, Encodings.PLAIN);
            boolean filter = leaf.isNamed(options.bloomFilters);
            if (!Encodings.fits(encoding, leaf)
                    || filter && leaf.order() == Leaf.Order.NONE
                    || filter && leaf.physical() == Leaf.Physical.BOOLEAN) {
                throw ParquetTypes.misfit(
                        leaf.name(), leaf.physical() + " has no such " + (filter ? "filter" : "encoding"));
            }
        }
        for (String name : unknown) {
            throw ParquetTypes.misfit(name, "the file has no such column");
        }
        for (Settings.Order by : options.order) {
            int[] places = IntStream.range(0, leaves.size())
                    .filter(i -> leaves.get(i).isNamed(Set.of(by.column())))
                    .toArray();
            if (places.length != 1 || leaves.get(places[0]).maxRepetition() > 0) {
                throw ParquetTypes.misfit(by.column(), "rows are in the order of single values");
            }
            order.add(new ThriftStruct()
                    .i32(1, places[0])
                    .bool(2, by.descending())
                    .bool(3, by.nullsFirst()));
        }
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
        long step = count;
        if (options.groupBytes > 0 && count > 0) {
            long bytes = batch.stream().mapToLong(FieldVector::getBufferSize).sum();
            step = Math.max(MIN_STEP, options.groupBytes / STEPS * count / Math.max(1, bytes));
        }
        while (done < count) {
            int rows = (int) Math.min(step, Math.min(count - done, options.groupRows - groupRows));
            int end = done + rows;
            while (end - done > 1 && elements(batch, done, end) > MAX_GROUP_ELEMENTS) {
                end = done + (end - done) / 2;
            }
            boolean complete = end - done < rows || groupRows + rows == options.groupRows;
            addToGroup(batch, done, end, complete);
            done = end;
            if (options.groupBytes > 0 && bytes(true) >= options.groupBytes) {
                endGroup();
            }
        }
        if (bytes(false) > MAX_GROUP_BYTES) {
            endGroup();
        }
    }

    private long bytes(boolean open) {
        return chunks.stream()
                .flatMap(List::stream)
                .mapToLong(chunk -> chunk.bytes() + (open ? chunk.openBytes() : 0))
                .sum();
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
                    own.add(new ColumnChunk(leaf, work));
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
        private final List<ColumnChunk.Written> written = new ArrayList<>();
        private final long start = position;
        private long plainBytes;

        void take(ColumnChunk chunk) throws IOException {
            ColumnChunk.Written column = chunk.write(FileEncoder.this::write, position);
            chunk.close();
            written.add(column);
            plainBytes += column.facts().plainBytes();
        }

        void end() throws IOException {
            long bytes = position - start;
            List<ThriftStruct> columnStructs = new ArrayList<>();
            for (ColumnChunk.Written column : written) {
                columnStructs.add(column(column));
            }
            ThriftStruct group = new ThriftStruct()
                    .structs(1, columnStructs)
                    .i64(2, plainBytes)
                    .i64(3, groupRows);
            if (!order.isEmpty()) {
                group.structs(4, order);
            }
            group.i64(5, start).i64(6, bytes);
            // A file may have more groups than their numbers, which may be left out, can count.
            groups.add(groups.size() > Short.MAX_VALUE ? group : group.i16(7, groups.size()));
            facts.add(new Facts(
                    groupRows,
                    bytes,
                    written.stream().map(ColumnChunk.Written::facts).toList()));
            rows += groupRows;
            groupRows = 0;
            chunks.clear();
        }
    }

    /** Writes the filter and the index of a chunk behind its row group; returns its struct. */
    private ThriftStruct column(ColumnChunk.Written chunk) throws IOException {
        if (chunk.filter() != null) {
            work.page.clear();
            chunk.filter().writeTo(work.page);
            chunk.data().i64(14, position).i32(15, work.page.size());
            write(ByteBuffer.wrap(work.page.array(), 0, work.page.size()));
        }
        ThriftStruct column = new ThriftStruct().i64(2, 0).struct(3, chunk.data());
        ThriftStruct offsets = options.pageIndex ? chunk.index().offsets(chunk.pages()) : null;
        if (offsets != null) {
            put(column, 4, offsets);
            ThriftStruct limits = options.statistics ? chunk.index().limits() : null;
            if (limits != null) {
                put(column, 6, limits);
            }
        }
        return column;
    }

    private void put(ThriftStruct column, int field, ThriftStruct index) throws IOException {
        Bytes bytes = work.page;
        bytes.clear();
        index.writeTo(bytes);
        column.i64(field, position).i32(field + 1, bytes.size());
        write(ByteBuffer.wrap(bytes.array(), 0, bytes.size()));
    }

    /** A row group as it was written. */
    public record Facts(long rows, long bytes, List<Column> columns) {}

    /** A column of a row group, with its encodings of data pages. */
    public record Column(String name, long values, long nulls, long bytes, long plainBytes, Set<Integer> encodings) {}

    /** The row groups so far. */
    public List<Facts> facts() {
        return facts;
    }

    /** The bytes so far. */
    public long position() {
        return position;
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
        work.codec.close();
    }
}
