package org.arrownpz.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.frame.Frame;
import org.arrownpz.parquet.internal.file.ParquetFaults;
import org.jspecify.annotations.Nullable;

/**
 * Parquet files, written by this library and read by Arrow's native dataset library, whose artifact
 * {@code org.apache.arrow:arrow-dataset} readers add. {@link ParquetWriter} writes batch by batch, and into channels.
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
 * lists and list views as lists, views and large types as plain ones, dictionaries of nested values as these.
 * Dictionaries of more than 16 MiB come back as plain values. Unions, and structs with parts
 * of one name, are refused.
 *
 * <p>Files are replaced atomically. What {@link ParquetOptions} says of codecs, row groups, dictionaries and statistics
 * is all done here, without other libraries than Zstandard's. A write takes memory from the allocator of the columns for
 * the pages of a row group (of one column at a time, where the row group is one batch).
 *
 * <p>The native library, which reads, unpacks itself into the temporary directory on first use, which takes half a
 * second. It cannot read fixed-size lists that are null, nor variants: files that may have some, and those of other file
 * systems than the default one (of these the pages of the columns that are read), are copied into that directory for as long
 * as they are open. Variants are the structs that they are stored as. Pages are written with their checksums; reading compares none, but through {@link
 * org.arrownpz.ipc.Tables} with {@link Verify#CRC}. The methods are safe for use by several threads.
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
        try (ParquetWriter writer =
                ParquetWriter.open(target, null, root.getSchema(), dictionaries, options, allocator(root))) {
            writer.write(root);
            writer.finish();
        }
    }

    /** Writes all batches of a reader into one file; the reader stays the caller's. */
    public static void write(ArrowReader reader, Path target, ParquetOptions options) throws NpzException {
        try {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            try (ParquetWriter writer =
                    ParquetWriter.open(target, null, root.getSchema(), reader, options, allocator(root))) {
                writer.write(reader);
                writer.finish();
            }
        } catch (IOException e) {
            throw ParquetFaults.writing(Location.ofFile(target.toString()), e);
        }
    }

    /** The columns' allocator, or null where all are nulls, which have none. */
    private static @Nullable BufferAllocator allocator(VectorSchemaRoot root) {
        for (FieldVector vector : root.getFieldVectors()) {
            if (!(vector instanceof NullVector)) {
                return vector.getAllocator();
            }
        }
        return null;
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
