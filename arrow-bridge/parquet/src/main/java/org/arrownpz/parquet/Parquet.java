package org.arrownpz.parquet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.TargetFormat;
import org.arrownpz.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.internal.storage.AtomicFile;
import org.arrownpz.internal.storage.ScratchDirectory;
import org.arrownpz.parquet.internal.batch.OneBatch;
import org.arrownpz.parquet.internal.batch.StoredSchema;
import org.arrownpz.parquet.internal.file.NativeFile;
import org.arrownpz.parquet.internal.file.ParquetFaults;
import org.arrownpz.parquet.internal.type.ArrowSchema;
import org.arrownpz.parquet.internal.type.ParquetTypes;
import org.arrownpz.parquet.internal.type.ToStorage;
import org.arrownpz.parquet.internal.write.FileEncoder;
import org.arrownpz.parquet.internal.write.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Parquet files, written by this library and read by Arrow's native dataset library.
 *
 * <pre>{@code
 * try (Frame frame = Frames.open(allocator, Path.of("prices.npz"))) {
 *     Parquet.write(frame, Path.of("prices.parquet"), ParquetOptions.defaults());
 * }
 * try (ParquetFile file = Parquet.read(allocator, Path.of("prices.parquet"))) {
 *     Frames.write(file.frame(), Path.of("again.npz"), WriteOptions.defaults());
 * }
 * }</pre>
 *
 * <p>A written file carries its labels as key-value metadata, for this library and for pandas, and its schema under
 * {@code arrow_npz_schema}. Types that Parquet has not are stored as the nearest one that loses nothing, and come back
 * from that schema: durations, intervals and Date64 as integers or bytes, second timestamps as milliseconds, fixed-size
 * lists and list views as lists, views and large types as plain ones, dictionaries and run ends as their values.
 * Dictionaries of more than 16 MiB come back as plain values. Unions, and structs with parts
 * of one name, are refused.
 *
 * <p>Files are replaced atomically. What {@link ParquetOptions} says of codecs, row groups, dictionaries and statistics
 * is all done here, without other libraries than Zstandard's. A write takes memory from the allocator of the columns for
 * the pages of a row group (of one column at a time, where the row group is one batch).
 *
 * <p>The native library, which reads, unpacks itself into the temporary directory on first use, which takes half a
 * second. It cannot read fixed-size lists that are null, nor variants: files that may have some, and
 * those of other file systems than the default one, are copied into that directory for as long as they are open. Variants
 * are the structs that they are stored as. Pages are written with their
 * checksums; reading compares none, but through {@link org.arrownpz.ipc.Tables} with {@link Verify#CRC}. The methods are safe for use by several threads.
 */
public final class Parquet {
    private Parquet() {}

    /**
     * Writes a frame with its labels.
     *
     * @throws IllegalArgumentException for columns that Parquet cannot hold, which are named
     * @throws NpzException IO, LIMIT, or VALUE for a time or decimal that does not fit; FILE_CHANGED when a mapped source
     *     was cut short
     */
    public static void write(Frame frame, Path target, ParquetOptions options) throws NpzException {
        try (Frame held = frame.share()) {
            int rows = held.batchRows();
            if (held.rowCount() <= rows) {
                write(held.interchangeRoot(), held.dictionaries(), target, options);
                return;
            }
            try (ArrowReader batches = held.interchangeReader(rows)) {
                write(batches, target, options);
            }
        } catch (NpzException e) {
            throw e;
        } catch (IOException e) {
            throw ParquetFaults.writing(Location.ofFile(target.toString()), e);
        }
    }

    /** Writes a root without dictionary-encoded columns as it is. */
    public static void write(VectorSchemaRoot root, Path target, ParquetOptions options) throws NpzException {
        write(root, new DictionaryProvider.MapDictionaryProvider(), target, options);
    }

    /** Writes a root as it is; the provider knows the dictionaries of its columns. */
    public static void write(
            VectorSchemaRoot root, DictionaryProvider dictionaries, Path target, ParquetOptions options)
            throws NpzException {
        try (RootAllocator unused = new RootAllocator();
                OneBatch reader = new OneBatch(root, dictionaries, unused)) {
            write(reader, target, options);
        }
    }

    /** Writes all batches of a reader into one file; the reader stays the caller's. */
    public static void write(ArrowReader reader, Path target, ParquetOptions options) throws NpzException {
        Location location = Location.ofFile(target.toString());
        TargetFormat.require(target, TargetFormat.PARQUET);
        try {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            Schema schema = root.getSchema();
            requireWritable(schema);
            BufferAllocator parent = allocator(root);
            if (parent != null) {
                write(reader, schema, parent, target, options);
            } else {
                // Columns of nulls have no allocator.
                try (RootAllocator own = new RootAllocator()) {
                    write(reader, schema, own, target, options);
                }
            }
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (IOException | RuntimeException | InternalError e) {
            throw ParquetFaults.writing(location, e);
        }
    }

    private static void write(
            ArrowReader reader, Schema schema, BufferAllocator allocator, Path target, ParquetOptions options)
            throws IOException {
        Location location = Location.ofFile(target.toString());
        try (AtomicFile file = AtomicFile.create(target, options.durability());
                ToStorage converter = new ToStorage(reader, location)) {
            List<Field> stored = stored(schema, converter, allocator);
            try (FileEncoder encoder = new FileEncoder(
                    file.channel(), stored, converter.dictionaries(), settings(options), allocator, location)) {
                if (reader instanceof OneBatch whole) {
                    encoder.metered(whole.meter());
                }
                boolean[] gaps = new boolean[stored.size()];
                while (reader.loadNextBatch()) {
                    add(reader.getVectorSchemaRoot(), converter, gaps, encoder);
                }
                List<Field> plain =
                        schema.getFields().stream().map(ParquetTypes::plain).toList();
                List<Field> declared = ArrowSchema.declare(plain, reader, gaps);
                Map<String, String> metadata = metadata(schema, reader, declared, allocator);
                if (plain.stream().anyMatch(ArrowSchema::hasExtensions)
                        && !canOpen(stored, converter, declared, metadata, allocator, location)) {
                    // A reader that knows an extension type refuses the whole file where the type's metadata are wrong.
                    metadata = metadata(
                            schema,
                            reader,
                            declared.stream()
                                    .map(ArrowSchema::withoutExtensions)
                                    .toList(),
                            allocator);
                }
                encoder.finish(declared, metadata);
            }
            file.commit();
        }
    }

    private static List<Field> stored(Schema schema, ToStorage converter, BufferAllocator allocator)
            throws NpzException {
        List<Field> stored = new ArrayList<>();
        for (Field field : schema.getFields()) {
            try (FieldVector empty = field.createVector(allocator);
                    FieldVector converted = converter.convert(empty)) {
                stored.add(converted.getField());
            }
        }
        return stored;
    }

    private static void add(VectorSchemaRoot root, ToStorage converter, boolean[] gaps, FileEncoder encoder)
            throws IOException {
        List<FieldVector> columns = new ArrayList<>();
        converter.begin();
        try {
            for (FieldVector column : root.getFieldVectors()) {
                columns.add(converter.convert(column));
                gaps[columns.size() - 1] |= converter.hadGap();
            }
            encoder.add(columns, root.getRowCount());
        } finally {
            columns.forEach(FieldVector::close);
        }
    }

    private static Map<String, String> metadata(
            Schema schema, DictionaryProvider dictionaries, List<Field> declared, BufferAllocator allocator)
            throws IOException {
        Map<String, String> own = schema.getCustomMetadata() == null ? Map.of() : schema.getCustomMetadata();
        Map<String, String> metadata = new LinkedHashMap<>(own);
        metadata.put(StoredSchema.KEY, StoredSchema.encode(schema, dictionaries, allocator));
        metadata.put(ArrowSchema.KEY, ArrowSchema.encode(declared, own));
        return metadata;
    }

    /** Whether the native reader opens a file without rows that says the same of its columns. */
    private static boolean canOpen(
            List<Field> stored,
            ToStorage converter,
            List<Field> declared,
            Map<String, String> metadata,
            BufferAllocator allocator,
            Location location)
            throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"), "schema.parquet");
        try (ScratchDirectory directory = ScratchDirectory.beside(temporary)) {
            Path file = directory.path().resolve("schema.parquet");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    FileEncoder encoder = new FileEncoder(
                            channel,
                            stored,
                            converter.dictionaries(),
                            settings(ParquetOptions.defaults()),
                            allocator,
                            location)) {
                encoder.finish(declared, metadata);
            }
            return NativeFile.canOpen(allocator, file);
        }
    }

    private static Settings settings(ParquetOptions options) {
        return new Settings(
                options.compression().code(),
                options.level(),
                options.rowGroupRows(),
                options.dictionary(),
                options.statistics());
    }

    private static @Nullable BufferAllocator allocator(VectorSchemaRoot root) {
        for (FieldVector vector : root.getFieldVectors()) {
            if (!(vector instanceof NullVector)) {
                return vector.getAllocator();
            }
        }
        return null;
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
     * Opens a file. The caller closes the result.
     *
     * @param columns the columns to read, in this order; none for all. A selection comes without the labels of the
     *     index, which are columns like others
     * @throws IllegalArgumentException for unknown columns
     * @throws NpzException META_SCHEMA or DATA_TRUNCATED for damaged files; LIMIT when the allocator cannot hold the
     *     data; IO
     */
    public static ParquetFile read(BufferAllocator allocator, Path path, String... columns) throws NpzException {
        return ParquetFile.open(allocator, path, List.of(columns), Verify.STRUCTURE);
    }
}
