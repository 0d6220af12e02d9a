package org.arrownpz.ipc;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.io.ByteSources;
import org.arrownpz.ipc.cdata.BatchReader;
import org.arrownpz.ipc.internal.BatchJoin;
import org.arrownpz.support.Faults;
import org.arrownpz.support.FileMagic;
import org.arrownpz.support.Rollback;
import org.jspecify.annotations.Nullable;

/**
 * Opens a table in a file of any format, batch by batch or whole: NumPy's formats and Arrow IPC here, others through artifacts on
 * the class path (Parquet by {@code arrow-npz-parquet}, CSV and JSON lines by {@code arrow-npz-sql}).
 *
 * <pre>{@code
 * try (ArrowReader reader = Tables.open(allocator, Path.of("prices.parquet"))) {
 *     while (reader.loadNextBatch()) {
 *         System.out.println(reader.getVectorSchemaRoot().getRowCount());
 *     }
 * }
 * }</pre>
 *
 * <p>The first bytes tell the format, whatever the extension says; where they do not, the extension does. The methods are
 * safe for use by several threads.
 */
public final class Tables {
    private static final int BATCH_ROWS = 1 << 20;
    private static final Set<String> NUMPY = Set.of("npz", "npy");
    private static final Set<String> IPC = Set.of("feather", "arrow", "ipc", "arrows");
    private static final String TEXT_ARTIFACT = "org.arrownpz:arrow-npz-sql";
    private static final Map<String, String> ARTIFACTS = Map.of(
            "parquet", "org.arrownpz:arrow-npz-parquet",
            "csv", TEXT_ARTIFACT,
            "tsv", TEXT_ARTIFACT,
            "json", TEXT_ARTIFACT,
            "jsonl", TEXT_ARTIFACT,
            "ndjson", TEXT_ARTIFACT);

    private Tables() {}

    /**
     * File formats that an artifact adds to {@link Tables}, which find it by {@link java.util.ServiceLoader}. Used by several
     * threads at a time.
     */
    public interface Format {
        /** The extensions of such files, in lower case, without the dot. */
        Set<String> extensions();

        /**
         * Opens a file. The caller closes the reader, which owns the file.
         *
         * @param extension which of the formats, one of {@link #extensions}
         * @param options the columns and what else has a meaning for the format; there are no positions
         * @throws IllegalArgumentException for unknown columns
         */
        ArrowReader open(BufferAllocator allocator, Path path, String extension, ReadOptions options)
                throws NpzException;

        /**
         * Reads a file whole, under the index that the file's metadata give: all columns, or those of the options at
         * least, of which {@link Tables#read} selects. The caller closes the frame, which owns the file. Unless a format
         * knows better, as one with dictionaries or an index must, the frame has the batches of {@link #open}, copied
         * where they are several.
         *
         * @param extension which of the formats, one of {@link #extensions}
         * @param options as for {@link #open}
         */
        default Frame read(BufferAllocator allocator, Path path, String extension, ReadOptions options)
                throws NpzException {
            Location location = Location.ofFile(path.toString());
            try (ArrowReader rows = open(allocator, path, extension, options);
                    BatchJoin join = new BatchJoin(rows.getVectorSchemaRoot().getSchema(), allocator, location)) {
                while (rows.loadNextBatch()) {
                    join.add(rows.getVectorSchemaRoot(), rows);
                    rows.getVectorSchemaRoot().clear();
                }
                VectorSchemaRoot root = join.root(allocator);
                try (Rollback undo = Rollback.of(root)) {
                    return undo.commit(Frame.of(root).owning(root));
                }
            } catch (IOException e) {
                throw Faults.reading(location, e);
            } catch (OutOfMemoryException e) {
                throw Faults.limit(location, "that the table needs", e);
            }
        }

        /**
         * Writes all batches of a reader, which stays the caller's. The target appears when it is complete.
         *
         * @param extension which of the formats, one of {@link #extensions}
         */
        void write(ArrowReader reader, Path target, String extension, Durability durability) throws NpzException;
    }

    /** Found once: the class path does not change. */
    private static final class Added {
        static final List<Format> FORMATS = ServiceLoader.load(Format.class, Tables.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /**
     * Opens a file or an NPY directory. The caller closes the reader, which owns the file.
     *
     * @throws NpzException IO where the artifact is missing that reads the format (the message names it); errors of the
     *     format's own reader
     */
    public static ArrowReader open(BufferAllocator allocator, Path path) throws NpzException {
        return open(allocator, path, ReadOptions.defaults());
    }

    /**
     * {@link #open(BufferAllocator, Path)} with options. Columns are for every format; mapping and verification for those
     * that are mapped; positions and all others for NumPy's.
     *
     * @throws IllegalArgumentException for unknown columns, and for positions where the format is not NumPy's
     */
    public static ArrowReader open(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        String extension = format(path);
        if (NUMPY.contains(extension)) {
            Frame frame = Frames.open(allocator, path, options);
            try (Rollback undo = Rollback.of(frame)) {
                int rows = Math.min(BATCH_ROWS, frame.batchRows());
                return undo.commit(new BatchReader.Owned(allocator, frame.reader(rows), frame::close));
            }
        }
        if (IPC.contains(extension)) {
            return Ipc.open(allocator, path, ipc(options));
        }
        return added(extension, path, options).open(allocator, path, extension, options);
    }

    /** {@link #open(BufferAllocator, Path, ReadOptions)} of what a URI names, see {@link ByteSources#path(URI)}. */
    public static ArrowReader open(BufferAllocator allocator, URI uri, ReadOptions options) throws NpzException {
        return open(allocator, ByteSources.path(uri), options);
    }

    /**
     * Reads a file or an NPY directory whole, as one frame with the labels that the file has. The caller closes the
     * frame, which owns the file. NumPy's formats and Arrow IPC are mapped where the options say so; what is read through
     * other artifacts is copied.
     *
     * @throws NpzException IO where the artifact is missing that reads the format (the message names it); LIMIT where the
     *     rows are too many for one root, and {@link #open} serves; errors of the format's own reader
     */
    public static Frame read(BufferAllocator allocator, Path path) throws NpzException {
        return read(allocator, path, ReadOptions.defaults());
    }

    /**
     * {@link #read(BufferAllocator, Path)} with options, which mean what they do for {@link #open(BufferAllocator, Path,
     * ReadOptions)}; the index stays beside the chosen columns.
     *
     * @throws IllegalArgumentException for unknown columns, and for positions where the format is not NumPy's
     */
    public static Frame read(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        String extension = format(path);
        if (NUMPY.contains(extension)) {
            return Frames.open(allocator, path, options);
        }
        if (IPC.contains(extension)) {
            return IpcColumns.read(allocator, path, ipc(options));
        }
        Frame whole = added(extension, path, options).read(allocator, path, extension, options);
        return select(whole, options.columns());
    }

    /**
     * Writes all batches of a reader, which stays the caller's, in the format of the target's extension. The target appears
     * when it is complete, and replaces a file of that name.
     *
     * @throws NpzException IO where the artifact is missing that writes the format (the message names it); errors of the
     *     format's own writer
     */
    public static void write(ArrowReader reader, Path target, Durability durability) throws NpzException {
        String extension = extension(target);
        if (extension.equals("npz")) {
            Frames.write(reader, target, WriteOptions.defaults().withDurability(durability));
        } else if (IPC.contains(extension)) {
            Ipc.write(reader, target, IpcOptions.defaults().withDurability(durability));
        } else {
            added(extension, target, ReadOptions.defaults()).write(reader, target, extension, durability);
        }
    }

    private static String extension(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        // Text may be compressed; of others the first bytes tell that they are.
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        return plain.substring(plain.lastIndexOf('.') + 1);
    }

    /** The chosen columns of a frame, which is closed with them. */
    static Frame select(Frame whole, @Nullable List<String> columns) {
        if (columns == null) {
            return whole;
        }
        try (Rollback undo = Rollback.of(whole)) {
            return undo.commit(whole.select(columns.toArray(new String[0])).owning(whole));
        }
    }

    private static IpcReadOptions ipc(ReadOptions options) {
        refusePositions(options);
        return new IpcReadOptions(options.mapping(), options.verify(), options.columns());
    }

    private static void refusePositions(ReadOptions options) {
        if (options.positions() != null) {
            throw new IllegalArgumentException("columns are chosen by position in NumPy's formats only: name them");
        }
    }

    /**
     * The format of a file, as an extension such as {@code npz}: by its first bytes, else by its own extension; {@code npz}
     * where neither names a format, and for directories.
     */
    public static String format(Path path) {
        String extension = extension(path);
        if (Files.isDirectory(path)) {
            return "npz";
        }
        FileMagic magic = FileMagic.of(path);
        String told = magic == null ? null : format(magic, extension);
        if (told != null) {
            return told;
        }
        boolean known = NUMPY.contains(extension)
                || IPC.contains(extension)
                || ARTIFACTS.containsKey(extension)
                || added(extension) != null;
        return known ? extension : "npz";
    }

    /** The format of such bytes if no name tells them apart; null where only the name tells. */
    private static @Nullable String format(FileMagic magic, String extension) {
        return switch (magic) {
            case NPY -> "npy";
            case ZIP, EMPTY_ZIP -> "npz";
            case ARROW_FILE, FEATHER_V1 -> IPC.contains(extension) ? extension : "arrow";
            case ARROW_STREAM -> IPC.contains(extension) ? extension : "arrows";
            case PARQUET -> "parquet";
            default -> null;
        };
    }

    private static Format added(String extension, Path path, ReadOptions options) throws NpzException {
        refusePositions(options);
        Format format = added(extension);
        if (format == null) {
            throw Location.ofFile(path.toString())
                    .error(ErrorCode.IO, "nothing on the class path reads ." + extension + " files")
                    .remedy("Add " + ARTIFACTS.get(extension))
                    .build();
        }
        return format;
    }

    private static @Nullable Format added(String extension) {
        for (Format format : Added.FORMATS) {
            if (format.extensions().contains(extension)) {
                return format;
            }
        }
        return null;
    }
}
