package org.arrownpz.parquet;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Durability;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.frame.Frame;
import org.arrownpz.internal.memory.Faults;
import org.arrownpz.internal.storage.AtomicFile;
import org.arrownpz.parquet.internal.batch.TextReader;
import org.arrownpz.parquet.internal.text.CsvRows;
import org.arrownpz.parquet.internal.text.JsonRows;
import org.arrownpz.parquet.internal.text.RowPrinter;

/**
 * CSV files and files of JSON lines, one object a line. They are read through Arrow's own readers (arrow-dataset): column types are guessed from the
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

    /**
     * Writes a CSV file as RFC 4180 has it, in UTF-8, with {@code \n} as line end and the fields' names in the first line,
     * index levels first. Null is an empty cell, empty text is {@code ""}; bytes are base64; lists and structs are their
     * JSON. The target appears when it is complete, and replaces a file of that name.
     *
     * @throws NpzException IO, or what the frame's file is at fault for
     * @throws IllegalArgumentException for a column whose type has no text
     */
    public static void writeCsv(Frame frame, Path target, Durability durability) throws NpzException {
        write(frame.schema(), target, durability, CsvRows::new, rows -> rows.print(frame, 0, frame.rowCount()));
    }

    /** {@link #writeCsv(Frame, Path, Durability)} for batches. The reader stays the caller's. */
    public static void writeCsv(ArrowReader reader, Path target, Durability durability) throws NpzException {
        write(schema(reader, target), target, durability, CsvRows::new, rows -> rows.print(reader));
    }

    /**
     * Writes one JSON object per row and line: integers and decimals exact, finite floats by their shortest text, others
     * as {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}, times in ISO 8601, bytes as base64. Errors and target as
     * of {@link #writeCsv(Frame, Path, Durability)}.
     */
    public static void writeJson(Frame frame, Path target, Durability durability) throws NpzException {
        write(frame.schema(), target, durability, JsonRows::new, rows -> rows.print(frame, 0, frame.rowCount()));
    }

    /** {@link #writeJson(Frame, Path, Durability)} for batches. The reader stays the caller's. */
    public static void writeJson(ArrowReader reader, Path target, Durability durability) throws NpzException {
        write(schema(reader, target), target, durability, JsonRows::new, rows -> rows.print(reader));
    }

    /** Makes a printer of rows over a stream. */
    private interface Form {
        RowPrinter over(OutputStream out, List<String> names) throws IOException;
    }

    /** Writes all rows. */
    private interface Writing {
        void to(RowPrinter rows) throws IOException;
    }

    private static Schema schema(ArrowReader reader, Path target) throws NpzException {
        try {
            return reader.getVectorSchemaRoot().getSchema();
        } catch (IOException e) {
            throw Faults.reading(Location.ofFile(target.toString()), e);
        }
    }

    private static void write(Schema schema, Path target, Durability durability, Form form, Writing writing)
            throws NpzException {
        List<String> names = schema.getFields().stream().map(Field::getName).toList();
        try (AtomicFile file = AtomicFile.create(target, durability)) {
            try (RowPrinter rows = form.over(Channels.newOutputStream(file.channel()), names)) {
                writing.to(rows);
            }
            file.commit();
        } catch (IOException e) {
            throw Faults.writing(Location.ofFile(target.toString()), e);
        }
    }

    static VectorSchemaRoot read(BufferAllocator allocator, Path path, FileFormat format) throws NpzException {
        try (TextReader reader = TextReader.open(allocator, path, format, null)) {
            return reader.whole();
        }
    }
}
