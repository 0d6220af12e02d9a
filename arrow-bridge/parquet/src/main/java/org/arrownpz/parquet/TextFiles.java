package org.arrownpz.parquet;

import java.nio.file.Path;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.NpzException;
import org.arrownpz.parquet.internal.batch.TextReader;

/**
 * Reads CSV files and files of JSON lines through Arrow's own readers (arrow-dataset). Column types are guessed from the
 * start of the file: integers, floats, booleans, dates, timestamps, else text; JSON also gives lists and structs. Empty
 * CSV cells are null in columns that are no text.
 *
 * <p>The allocator gives the memory of the result; batches on their way into it are not charged to it. The methods are
 * safe for use by several threads.
 */
public final class TextFiles {
    private TextFiles() {}

    /**
     * Reads a CSV file: comma-separated, UTF-8, with the columns' names in the first line. The caller closes the result.
     *
     * @throws NpzException VALUE when the file is no CSV, two columns have one name or a cell is not of the guessed
     *     type; LIMIT when the data are too large for memory or for one root, IO
     */
    public static VectorSchemaRoot readCsv(BufferAllocator allocator, Path path) throws NpzException {
        return read(allocator, path, FileFormat.CSV);
    }

    /** Reads one JSON object per line, as {@link #readCsv}. The caller closes the result. */
    public static VectorSchemaRoot readJson(BufferAllocator allocator, Path path) throws NpzException {
        return read(allocator, path, FileFormat.JSON);
    }

    /**
     * The batches of a CSV file as they are read; errors as of {@link #readCsv}. The caller closes the result, which owns
     * the file.
     */
    public static ArrowReader openCsv(BufferAllocator allocator, Path path) throws NpzException {
        return TextReader.open(allocator, path, FileFormat.CSV, null);
    }

    /** The batches of a file of JSON lines, as {@link #openCsv}. The caller closes the result. */
    public static ArrowReader openJson(BufferAllocator allocator, Path path) throws NpzException {
        return TextReader.open(allocator, path, FileFormat.JSON, null);
    }

    private static VectorSchemaRoot read(BufferAllocator allocator, Path path, FileFormat format) throws NpzException {
        try (TextReader reader = TextReader.open(allocator, path, format, null)) {
            return reader.whole();
        }
    }
}
