package org.arrownpz.sql;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.internal.storage.AtomicFile;
import org.arrownpz.ipc.Tables;
import org.arrownpz.sql.internal.text.TextReader;
import org.arrownpz.sql.internal.text.TextWriter;
import org.arrownpz.support.Faults;

/**
 * CSV, TSV and JSON lines (one object a line) in UTF-8, with gzip or without, read and written by DuckDB. {@link
 * org.arrownpz.ipc.Tables} opens them through this class. The whole file tells the types of its columns; lines that do not fit
 * are refused. What text keeps of each type: {@code docs/types.md}. Values are copied. The methods are safe for use by several
 * threads.
 *
 * <pre>{@code
 * try (ArrowReader rows = Tables.open(allocator, Path.of("events.csv"))) {
 *     TextTables.write(rows, Path.of("events.jsonl.gz"), Durability.FSYNC);
 * }
 * }</pre>
 */
public final class TextTables implements Tables.Format {
    private static final int BUFFER = 1 << 16;

    @Override
    public Set<String> extensions() {
        return Set.of("csv", "tsv", "json", "jsonl", "ndjson");
    }

    @Override
    public ArrowReader open(BufferAllocator allocator, Path path, String extension, ReadOptions options)
            throws NpzException {
        return TextReader.open(allocator, path, isJson(extension), options.columns());
    }

    @Override
    public void write(ArrowReader reader, Path target, String extension, Durability durability) throws NpzException {
        write(reader, target, durability);
    }

    /**
     * Writes all batches to a file, which appears when it is complete, and replaces one of that name. The extension tells the
     * form; {@code .gz} behind it compresses. CSV is as RFC 4180 has it, with {@code \n} as line end and the fields' names in
     * the first line; null is an empty cell, empty text is {@code ""}. The reader stays the caller's.
     *
     * @throws NpzException IO, or what the reader's file is at fault for
     * @throws IllegalArgumentException for columns that text does not keep, naming them
     */
    public static void write(ArrowReader reader, Path target, Durability durability) throws NpzException {
        Location location = Location.ofFile(target.toString());
        String name = target.toString().toLowerCase(Locale.ROOT);
        boolean gzip = name.endsWith(".gz");
        String plain = gzip ? name.substring(0, name.length() - 3) : name;
        try (AtomicFile file = AtomicFile.create(target, durability)) {
            OutputStream out = Channels.newOutputStream(file.channel());
            if (gzip) {
                GZIPOutputStream packed = new GZIPOutputStream(out, BUFFER);
                write(reader, packed, plain.substring(plain.lastIndexOf('.') + 1), location);
                packed.finish();
            } else {
                write(reader, out, plain.substring(plain.lastIndexOf('.') + 1), location);
            }
            file.commit();
        } catch (IOException e) {
            throw Faults.writing(location, e);
        }
    }

    /** {@link #write(ArrowReader, Path, Durability)} for a frame, index levels first. */
    public static void write(Frame frame, Path target, Durability durability) throws NpzException {
        try (ArrowReader reader = frame.reader(frame.batchRows())) {
            write(reader, target, durability);
        } catch (IOException e) {
            throw Faults.writing(Location.ofFile(target.toString()), e);
        }
    }

    /**
     * Writes all batches to a stream, which stays open; otherwise as {@link #write(ArrowReader, Path, Durability)}.
     *
     * @param extension of the form, such as {@code csv}
     */
    public static void write(ArrowReader reader, OutputStream out, String extension) throws NpzException {
        Location location = Location.ofFile(null);
        try {
            write(reader, out, extension, location);
        } catch (IOException e) {
            throw Faults.writing(location, e);
        }
    }

    private static void write(ArrowReader reader, OutputStream out, String extension, Location location)
            throws IOException {
        TextWriter.write(reader, out, isJson(extension), extension.equals("tsv") ? '\t' : ',', location);
    }

    private static boolean isJson(String extension) {
        return !extension.equals("csv") && !extension.equals("tsv");
    }
}
