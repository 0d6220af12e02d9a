package org.arrownpz.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.dataset.file.DatasetFileWriter;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.TargetFormat;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.cdata.CNames;
import org.arrownpz.ipc.cdata.ExportScope;
import org.arrownpz.parquet.internal.batch.OneBatch;
import org.arrownpz.parquet.internal.batch.StorageReader;
import org.arrownpz.parquet.internal.batch.StoredSchema;
import org.arrownpz.parquet.internal.file.NativeFile;
import org.arrownpz.parquet.internal.file.ParquetFaults;
import org.arrownpz.parquet.internal.file.SinglePart;
import org.arrownpz.parquet.internal.file.Uuids;
import org.arrownpz.parquet.internal.type.ArrowSchema;
import org.arrownpz.parquet.internal.type.ParquetTypes;
import org.jspecify.annotations.Nullable;

/**
 * Parquet files, written and read by Arrow's native dataset library.
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
 * Dictionaries of more than 16 MiB come back as plain values. Unions are refused.
 *
 * <p>Files are replaced atomically. The native library unpacks itself into the temporary directory on first use, which
 * takes half a second. It cannot read fixed-size lists that are null: files that may have some are copied into that
 * directory for as long as they are open. <b>It reads mapped memory on its own: a mapped source that another process
 * cuts short during a write ends the JVM.</b> The methods are safe for use by several threads.
 */
public final class Parquet {
    private static final long MAX_ROOT_ROWS = Integer.MAX_VALUE - 8;
    private static final int LONG_FRAME_BATCH_ROWS = 1 << 24;
    /** The default of the native library, which needs a number though there are no partitions. */
    private static final int MAX_PARTITIONS = 1024;

    private Parquet() {}

    /**
     * Writes a frame with its labels.
     *
     * @throws IllegalArgumentException for columns that Parquet cannot hold, which are named, and for paths outside the
     *     default file system
     * @throws NpzException IO, LIMIT, or VALUE for a time that does not fit
     */
    public static void write(Frame frame, Path target, ParquetOptions options) throws NpzException {
        try (Frame held = frame.share()) {
            if (held.rowCount() <= MAX_ROOT_ROWS) {
                write(held.interchangeRoot(), held.dictionaries(), target, options);
                return;
            }
            try (ArrowReader batches = held.interchangeReader(LONG_FRAME_BATCH_ROWS)) {
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
        NativeFile.requireDefault(target);
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
        try (SinglePart part = SinglePart.beside(target, location)) {
            CNames names = CNames.of(schema.getFields());
            Exported written = export(reader, names, allocator, part, options, location);
            Map<String, String> own = schema.getCustomMetadata() == null ? Map.of() : schema.getCustomMetadata();
            Map<String, String> metadata = new LinkedHashMap<>(own);
            metadata.put(StoredSchema.KEY, StoredSchema.encode(schema, reader, allocator));
            List<Field> plain =
                    schema.getFields().stream().map(ParquetTypes::plain).toList();
            List<Field> declared = ArrowSchema.declare(plain, reader, written.gaps());
            metadata.put(ArrowSchema.KEY, ArrowSchema.encode(declared, own));
            BitSet uuids = Uuids.declared(declared);
            Path file = part.complete(metadata, written.empty(), names, uuids);
            if (plain.stream().anyMatch(ArrowSchema::hasExtensions) && !NativeFile.canOpen(allocator, file)) {
                // A reader that knows an extension type refuses the whole file where the type's metadata are wrong.
                List<Field> bare =
                        declared.stream().map(ArrowSchema::withoutExtensions).toList();
                metadata.put(ArrowSchema.KEY, ArrowSchema.encode(bare, own));
                part.complete(metadata, written.empty(), CNames.of(List.of()), uuids);
            }
            part.commit(options.durability());
        }
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
     * What the native writer was given.
     *
     * @param empty whether the table has no rows, so that the file holds a placeholder
     * @param gaps by column, see {@link StorageReader#gaps}
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Exported(boolean empty, boolean[] gaps) {}

    /** Runs the native writer. */
    private static Exported export(
            ArrowReader reader,
            CNames names,
            BufferAllocator parent,
            SinglePart part,
            ParquetOptions options,
            Location location)
            throws IOException {
        ExportScope exports = new ExportScope(parent, "parquet export");
        try (StorageReader stored = new StorageReader(reader, names, parent, location)) {
            RuntimeException thrown = null;
            try {
                DatasetFileWriter.write(
                        exports.allocator(),
                        stored,
                        FileFormat.PARQUET,
                        part.uri(),
                        new String[0],
                        MAX_PARTITIONS,
                        SinglePart.TEMPLATE);
            } catch (RuntimeException e) {
                thrown = e;
            }
            // A program that exits before native threads have released everything hangs, see ParquetOptions.
            boolean drained = exports.drain(options.releaseWait());
            Throwable failure = stored.failure();
            if (failure != null || thrown != null) {
                throw failed(failure, thrown, location);
            }
            if (!drained) {
                throw location.error(ErrorCode.IO, "the native writer does not give its buffers back")
                        .found(exports.outstanding() + " bytes after " + options.releaseWait())
                        .build();
            }
            return new Exported(stored.isEmpty(), stored.gaps());
        }
    }

    private static NpzException failed(
            @Nullable Throwable failure, @Nullable RuntimeException thrown, Location location) {
        if (failure instanceof IllegalArgumentException misuse) {
            throw misuse;
        }
        Throwable cause = failure != null ? failure : thrown;
        return ParquetFaults.writing(location, cause == null ? new IOException("unknown") : cause);
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
        return ParquetFile.open(allocator, path, List.of(columns));
    }
}
