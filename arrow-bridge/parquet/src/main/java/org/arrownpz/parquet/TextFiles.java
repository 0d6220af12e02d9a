package org.arrownpz.parquet;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.internal.storage.AtomicFile;
import org.arrownpz.parquet.internal.text.ChangedTypes;
import org.arrownpz.parquet.internal.text.CsvRows;
import org.arrownpz.parquet.internal.text.JsonRows;
import org.arrownpz.parquet.internal.text.RowPrinter;
import org.arrownpz.parquet.internal.text.read.TextReader;
import org.arrownpz.support.Faults;

/**
 * CSV files (RFC 4180, UTF-8) and files of JSON lines, one object a line. They carry no types: a column has the narrowest
 * one that holds all values of the file, which is read for that first: booleans, int64, uint64, float64, dates, times,
 * timestamps with as many decimal places as there are, else text; JSON also gives lists and structs.
 *
 * <ul>
 *   <li>An empty cell of CSV is null, {@code ""} an empty text. NA, NULL and their kin are null where the other cells are
 *       no text. A line without a character is a null where there is one column, and nothing where there are more.
 *   <li>A cell in quotes is a text, as is a number with a plus or with zeros in front ({@code 007}), and an integer beyond
 *       64 bits among integers. Where names and cells are all in quotes, these say nothing.
 *   <li>Times with {@code Z} or an offset are timestamps in UTC.
 *   <li>NaN and infinities are numbers, in JSON with quotes ({@code "NaN"}, {@code "Infinity"}) or without. Texts of JSON
 *       that are all dates, times or timestamps become these.
 * </ul>
 *
 * <pre>{@code
 * try (ArrowReader rows = TextFiles.openCsv(allocator, Path.of("events.csv"))) {
 *     Frames.write(rows, Path.of("events.npz"), WriteOptions.defaults());
 * }
 * }</pre>
 *
 * <p>What is written reads back equal where {@link #changedTypes} names no column. The methods are safe for use by several
 * threads.
 */
public final class TextFiles {
    private TextFiles() {}

    /**
     * Reads a CSV file with the columns' names in the first line. The caller closes the result.
     *
     * @throws NpzException VALUE when the file is no CSV in UTF-8, two columns have one name or a line has another number
     *     of cells; LIMIT when the data are too large for memory or for one root; FILE_CHANGED; IO
     */
    public static VectorSchemaRoot readCsv(BufferAllocator allocator, Path path) throws NpzException {
        return read(allocator, path, TextReader.Form.CSV);
    }

    /**
     * Reads one JSON object per line, as {@link #readCsv}. The caller closes the result.
     *
     * @throws NpzException VALUE also when values of one name are of several kinds, such as text and numbers
     */
    public static VectorSchemaRoot readJson(BufferAllocator allocator, Path path) throws NpzException {
        return read(allocator, path, TextReader.Form.JSON);
    }

    /**
     * The batches of a CSV file as they are read; errors as of {@link #readCsv}. The caller closes the result, which owns
     * the file.
     */
    public static ArrowReader openCsv(BufferAllocator allocator, Path path) throws NpzException {
        return TextReader.open(allocator, path, TextReader.Form.CSV, null);
    }

    /** The batches of a file of JSON lines, as {@link #openCsv}. The caller closes the result. */
    public static ArrowReader openJson(BufferAllocator allocator, Path path) throws NpzException {
        return TextReader.open(allocator, path, TextReader.Form.JSON, null);
    }

    /**
     * Writes a CSV file as RFC 4180 has it, in UTF-8, with {@code \n} as line end and the fields' names in the first line,
     * index levels first. Null is an empty cell, empty text is {@code ""}, text that looks like a number or a time is in
     * quotes; bytes are base64; lists and structs are their JSON. The target appears when it is complete, and replaces a file of that name.
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
     *
     * @throws IllegalArgumentException also for columns, or children of a struct, that share a name
     */
    public static void writeJson(Frame frame, Path target, Durability durability) throws NpzException {
        Schema schema = frame.schema();
        requireNames("the file", schema.getFields());
        write(schema, target, durability, JsonRows::new, rows -> rows.print(frame, 0, frame.rowCount()));
    }

    /** {@link #writeJson(Frame, Path, Durability)} for batches. The reader stays the caller's. */
    public static void writeJson(ArrowReader reader, Path target, Durability durability) throws NpzException {
        Schema schema = schema(reader, target);
        requireNames("the file", schema.getFields());
        write(schema, target, durability, JsonRows::new, rows -> rows.print(reader));
    }

    /** An object has one value of a name. */
    private static void requireNames(String place, List<Field> fields) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            String name = SafeText.quote(String.valueOf(field.getName()));
            if (!names.add(name)) {
                throw new IllegalArgumentException("JSON cannot hold two values of " + name + " in " + place
                        + ". Give each a name of its own, or write Feather");
            }
            if (field.getType() instanceof ArrowType.Struct) {
                requireNames("a value of " + name, field.getChildren());
            } else {
                field.getChildren().forEach(child -> requireNames("a value of " + name, child.getChildren()));
            }
        }
    }

    /**
     * The columns of a written file that read back as another type than they had, each with both types: {@code price:
     * Decimal(10, 2, 128) comes back as FloatingPoint(DOUBLE)}. Reads the file once.
     *
     * @param schema of what was written
     * @param path told by its extension, {@code .csv} or one of JSON
     */
    public static List<String> changedTypes(Schema schema, Path path) throws NpzException {
        return ChangedTypes.of(schema, TextReader.schema(path, form(path)));
    }

    private static TextReader.Form form(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(".csv") ? TextReader.Form.CSV : TextReader.Form.JSON;
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

    static VectorSchemaRoot read(BufferAllocator allocator, Path path, TextReader.Form form) throws NpzException {
        try (TextReader reader = TextReader.open(allocator, path, form, null)) {
            return reader.whole();
        }
    }
}
