package org.arrownpz.parquet;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.TargetFormat;
import org.arrownpz.internal.storage.AtomicFile;
import org.arrownpz.parquet.internal.batch.StoredSchema;
import org.arrownpz.parquet.internal.file.ParquetFaults;
import org.arrownpz.parquet.internal.type.ArrowSchema;
import org.arrownpz.parquet.internal.type.ParquetTypes;
import org.arrownpz.parquet.internal.type.ToStorage;
import org.arrownpz.parquet.internal.write.FileEncoder;
import org.arrownpz.support.Meter;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * Writes Arrow batches into a Parquet file, column by column, without native code and without Hadoop.
 *
 * <pre>{@code
 * try (ParquetWriter writer = ParquetWriter.open(Path.of("prices.parquet"), root.getSchema(), ParquetOptions.defaults())) {
 *     writer.write(root);
 *     ParquetWriter.Written file = writer.finish();
 * }
 * }</pre>
 *
 * <p>A file appears under its name, in place of one that is there, when {@link #finish()} is called. {@link #close()} without
 * it, a write that fails, and the end of the process leave nothing. What is written into a channel is there at once and in
 * order, so that it may be an upload: give that up where {@code finish()} was not reached.
 *
 * <p>Batches stay the caller's, and may be changed or closed after each call; dictionaries must stay open until the writer
 * is closed. {@link Parquet} says what becomes of types that Parquet has not. Used by one thread.
 */
public final class ParquetWriter implements AutoCloseable {
    private final Location location;
    private final Schema schema;
    private final DictionaryProvider dictionaries;
    private final ParquetOptions options;
    private final BufferAllocator allocator;
    /** All that is closed at the end, the last first. */
    private final List<AutoCloseable> open;

    private final @Nullable AtomicFile file;
    private final ToStorage converter;
    private final List<Field> stored = new ArrayList<>();
    private final FileEncoder encoder;
    private final boolean[] gaps;
    private @Nullable Written written;
    private boolean ended;

    private ParquetWriter(
            @Nullable AtomicFile file,
            WritableByteChannel out,
            Location location,
            Schema schema,
            DictionaryProvider dictionaries,
            ParquetOptions options,
            @Nullable BufferAllocator given,
            List<AutoCloseable> open)
            throws IOException {
        this.file = file;
        this.location = location;
        this.schema = schema;
        this.dictionaries = dictionaries;
        this.options = options;
        this.open = open;
        this.allocator = given == null ? keep(new RootAllocator()) : given;
        this.converter = keep(new ToStorage(dictionaries, location));
        for (Field field : schema.getFields()) {
            try (FieldVector empty = field.createVector(allocator);
                    FieldVector converted = converter.convert(empty)) {
                stored.add(converted.getField());
            }
        }
        this.gaps = new boolean[stored.size()];
        this.encoder =
                keep(new FileEncoder(out, stored, converter.dictionaries(), options.settings(), allocator, location));
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(0, resource);
        return resource;
    }

    /**
     * Starts a file without dictionary-encoded columns.
     *
     * @throws IllegalArgumentException for columns that Parquet cannot hold, and for options that name others
     * @throws NpzException IO
     */
    public static ParquetWriter open(Path target, Schema schema, ParquetOptions options) throws NpzException {
        return open(target, schema, new MapDictionaryProvider(), options);
    }

    /** Starts a file; the provider knows the dictionaries of encoded columns, of each batch when it is written. */
    public static ParquetWriter open(
            Path target, Schema schema, DictionaryProvider dictionaries, ParquetOptions options) throws NpzException {
        return open(target, null, schema, dictionaries, options, null);
    }

    /** Starts a file in a channel, which stays the caller's and open. Otherwise as the other. */
    public static ParquetWriter open(WritableByteChannel target, Schema schema, ParquetOptions options)
            throws NpzException {
        return open(target, schema, new MapDictionaryProvider(), options);
    }

    /** Starts a file with dictionary-encoded columns in a channel. */
    public static ParquetWriter open(
            WritableByteChannel target, Schema schema, DictionaryProvider dictionaries, ParquetOptions options)
            throws NpzException {
        return open(null, target, schema, dictionaries, options, null);
    }

    /** @param allocator of pages, or null for one of the writer's own */
    static ParquetWriter open(
            @Nullable Path target,
            @Nullable WritableByteChannel channel,
            Schema schema,
            DictionaryProvider dictionaries,
            ParquetOptions options,
            @Nullable BufferAllocator allocator)
            throws NpzException {
        Location location = Location.ofFile(target == null ? "a channel" : target.toString());
        if (target != null) {
            TargetFormat.require(target, TargetFormat.PARQUET);
        }
        requireWritable(schema);
        List<AutoCloseable> open = new ArrayList<>();
        try (Rollback undo = Rollback.all(open)) {
            AtomicFile file = target == null ? null : AtomicFile.create(target, options.durability());
            if (file != null) {
                open.add(file);
            }
            WritableByteChannel out = file == null ? Objects.requireNonNull(channel) : file.channel();
            return undo.commit(new ParquetWriter(file, out, location, schema, dictionaries, options, allocator, open));
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (IOException | RuntimeException | InternalError e) {
            throw ParquetFaults.writing(location, e);
        }
    }

    private static void requireWritable(Schema schema) {
        if (schema.getFields().isEmpty()) {
            throw new IllegalArgumentException("a Parquet file has columns, and this table has none");
        }
        List<String> names = ParquetTypes.unsupported(schema.getFields());
        if (!names.isEmpty()) {
            throw new IllegalArgumentException("Parquet cannot hold these columns: " + String.join(", ", names)
                    + ". Leave them out, or write Feather");
        }
    }

    /**
     * Adds the rows of a batch, whose columns have the schema's types in its order.
     *
     * @throws IllegalArgumentException for other columns, or a dictionary that is not there
     * @throws NpzException VALUE for a time or decimal that does not fit; LIMIT; IO; FILE_CHANGED when a mapped source was
     *     cut short. The writer is of no more use then
     * @throws IllegalStateException after the end
     */
    public void write(VectorSchemaRoot root) throws NpzException {
        long bytes = root.getFieldVectors().stream()
                .mapToLong(FieldVector::getBufferSize)
                .sum();
        // All values of one column after the other.
        Meter meter =
                Meter.begin((long) root.getRowCount() * root.getFieldVectors().size(), bytes);
        step(() -> {
            encoder.metered(meter);
            add(root);
        });
    }

    /** Adds all batches of a reader, which stays the caller's; its failure is this writer's. */
    public void write(ArrowReader reader) throws NpzException {
        step(() -> {
            while (reader.loadNextBatch()) {
                add(reader.getVectorSchemaRoot());
            }
        });
    }

    private void add(VectorSchemaRoot root) throws IOException {
        List<FieldVector> columns = new ArrayList<>();
        List<Field> given = new ArrayList<>();
        converter.begin();
        try {
            for (FieldVector column : root.getFieldVectors()) {
                columns.add(converter.convert(column));
                given.add(columns.get(columns.size() - 1).getField());
                if (columns.size() <= gaps.length) {
                    gaps[columns.size() - 1] |= converter.hadGap();
                }
            }
            if (!given.equals(stored)) {
                throw new IllegalArgumentException("the batch has other columns than the file: " + root.getSchema());
            }
            encoder.add(columns, root.getRowCount());
        } finally {
            columns.forEach(FieldVector::close);
        }
    }

    /**
     * Completes the file.
     *
     * @return what stands in its footer; the same when called again
     * @throws NpzException LIMIT or IO: nothing is left then
     * @throws IllegalStateException after a failure, or {@link #close()}
     */
    public Written finish() throws NpzException {
        if (written == null) {
            step(() -> {
                List<Field> plain =
                        schema.getFields().stream().map(ParquetTypes::plain).toList();
                List<Field> declared = ArrowSchema.declare(plain, dictionaries, gaps);
                Map<String, String> own = schema.getCustomMetadata() == null ? Map.of() : schema.getCustomMetadata();
                Map<String, String> metadata = new LinkedHashMap<>(own);
                metadata.putAll(options.settings().metadata);
                metadata.put(StoredSchema.KEY, StoredSchema.encode(schema, dictionaries, allocator));
                metadata.put(ArrowSchema.KEY, ArrowSchema.encode(declared, own));
                encoder.finish(declared, metadata);
                if (file != null) {
                    file.commit();
                }
                written = Written.of(encoder);
            });
            close();
        }
        return Objects.requireNonNull(written);
    }

    /** Gives up what is not finished: no file appears. May be called more than once. */
    @Override
    public void close() {
        ended = true;
        try (Rollback all = Rollback.all(List.copyOf(open))) {
            // Not committed: all is closed.
            open.clear();
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void step(Step step) throws NpzException {
        if (ended) {
            throw new IllegalStateException("the writer is closed, or has failed");
        }
        try (Rollback undo = Rollback.of(this)) {
            step.run();
            undo.commit();
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (IOException | RuntimeException | InternalError e) {
            throw ParquetFaults.writing(location, e);
        }
    }

    /**
     * The facts of a file that is complete.
     *
     * @param bytes of the file
     */
    public record Written(long bytes, List<RowGroup> rowGroups) {
        private static Written of(FileEncoder encoder) {
            List<RowGroup> groups = new ArrayList<>();
            for (FileEncoder.Facts group : encoder.facts()) {
                List<Column> columns = new ArrayList<>();
                for (FileEncoder.Column column : group.columns()) {
                    Set<ParquetOptions.Encoding> encodings = new TreeSet<>();
                    column.encodings().forEach(code -> encodings.add(ParquetOptions.Encoding.of(code)));
                    columns.add(new Column(
                            column.name(),
                            column.values(),
                            column.nulls(),
                            column.bytes(),
                            column.plainBytes(),
                            encodings));
                }
                groups.add(new RowGroup(group.rows(), group.bytes(), List.copyOf(columns)));
            }
            return new Written(encoder.position(), List.copyOf(groups));
        }

        /** The rows of all row groups. */
        public long rows() {
            return rowGroups.stream().mapToLong(RowGroup::rows).sum();
        }
    }

    /**
     * The facts of a row group.
     *
     * @param bytes of its pages
     */
    public record RowGroup(long rows, long bytes, List<Column> columns) {}

    /**
     * The facts of a column of a row group.
     *
     * @param name its path as Parquet has it, with points
     * @param values that are there or null, those in lists included
     * @param bytes of its pages
     * @param plainBytes of its pages before compression
     * @param encodings of its values
     */
    public record Column(
            String name,
            long values,
            long nulls,
            long bytes,
            long plainBytes,
            Set<ParquetOptions.Encoding> encodings) {}
}
