package org.arrownpz.dataset;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.util.VectorAppender;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

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
        return TextReader.open(allocator, path, FileFormat.CSV);
    }

    /** The batches of a file of JSON lines, as {@link #openCsv}. The caller closes the result. */
    public static ArrowReader openJson(BufferAllocator allocator, Path path) throws NpzException {
        return TextReader.open(allocator, path, FileFormat.JSON);
    }

    private static VectorSchemaRoot read(BufferAllocator allocator, Path path, FileFormat format) throws NpzException {
        try (TextReader reader = TextReader.open(allocator, path, format)) {
            try {
                return join(reader.nativeBatches(), allocator, reader.location());
            } catch (IOException | RuntimeException e) {
                throw reader.fault(e);
            }
        }
    }

    private static VectorSchemaRoot join(ArrowReader batches, BufferAllocator allocator, Location location)
            throws IOException {
        VectorSchemaRoot root =
                VectorSchemaRoot.create(batches.getVectorSchemaRoot().getSchema(), allocator);
        boolean done = false;
        try {
            // Appending needs offsets to append to.
            root.allocateNew();
            root.setRowCount(0);
            append(batches, root, location);
            done = true;
            return root;
        } finally {
            if (!done) {
                root.close();
            }
        }
    }

    private static void append(ArrowReader batches, VectorSchemaRoot root, Location location) throws IOException {
        long rows = 0;
        long[] bytes = new long[root.getFieldVectors().size()];
        while (batches.loadNextBatch()) {
            VectorSchemaRoot batch = batches.getVectorSchemaRoot();
            rows += batch.getRowCount();
            if (rows > Integer.MAX_VALUE - 8) {
                throw location.fault(ErrorCode.LIMIT, "more rows than one Arrow Java vector can hold")
                        .remedy("Split the file")
                        .exception();
            }
            for (int i = 0; i < bytes.length; i++) {
                FieldVector column = batch.getVector(i);
                // Texts and lists have 32-bit offsets.
                bytes[i] += column.getBufferSize();
                if (bytes[i] > Integer.MAX_VALUE && !(column instanceof BaseFixedWidthVector)) {
                    throw location.fault(ErrorCode.LIMIT, "a column's values are too long for 32-bit offsets")
                            .remedy("Split the file")
                            .exception();
                }
                column.accept(new VectorAppender(root.getVector(i)), null);
            }
            root.setRowCount((int) rows);
        }
    }
}
