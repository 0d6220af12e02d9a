package org.arrownpz.ipc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.memory.Rollback;
import org.arrownpz.ipc.internal.OwnedReader;
import org.jspecify.annotations.Nullable;

/**
 * Opens a table in a file of any format, batch by batch: NumPy's formats and Arrow IPC here, others through artifacts on
 * the class path (Parquet, CSV and JSON lines by {@code arrow-npz-parquet}).
 *
 * <pre>{@code
 * try (ArrowReader reader = Tables.open(allocator, Path.of("prices.parquet"))) {
 *     while (reader.loadNextBatch()) {
 *         use(reader.getVectorSchemaRoot());
 *     }
 * }
 * }</pre>
 *
 * <p>The extension tells the format; where it does not, the first bytes do. The methods are safe for use by several
 * threads.
 */
public final class Tables {
    private static final int BATCH_ROWS = 1 << 20;
    private static final Set<String> NUMPY = Set.of("npz", "npy");
    private static final Set<String> IPC = Set.of("feather", "arrow", "ipc", "arrows");
    private static final String PARQUET_ARTIFACT = "org.arrownpz:arrow-npz-parquet";
    private static final Map<String, String> ARTIFACTS = Map.of(
            "parquet", PARQUET_ARTIFACT,
            "csv", PARQUET_ARTIFACT,
            "json", PARQUET_ARTIFACT,
            "jsonl", PARQUET_ARTIFACT,
            "ndjson", PARQUET_ARTIFACT);

    private Tables() {}

    /** Found once: the class path does not change. */
    private static final class Added {
        static final List<TableFormat> FORMATS =
                ServiceLoader.load(TableFormat.class, Tables.class.getClassLoader()).stream()
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
                return undo.commit(new OwnedReader(allocator, frame.reader(BATCH_ROWS), frame::close));
            }
        }
        if (options.positions() != null) {
            throw new IllegalArgumentException("columns are chosen by position in NumPy's formats only: name them");
        }
        if (IPC.contains(extension)) {
            IpcReadOptions ipc = new IpcReadOptions(options.mapping(), options.verify(), options.columns());
            return Ipc.open(allocator, path, ipc);
        }
        TableFormat format = added(extension);
        if (format == null) {
            throw Location.ofFile(path.toString())
                    .error(ErrorCode.IO, "nothing on the class path reads ." + extension + " files")
                    .remedy("Add " + ARTIFACTS.get(extension))
                    .build();
        }
        return format.open(allocator, path, extension, options);
    }

    /**
     * The format of a file, as the extension that such files have: its own where a format has that, else what the first
     * bytes tell; {@code npz} where neither does.
     */
    public static String format(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        String extension = name.substring(name.lastIndexOf('.') + 1);
        boolean known = NUMPY.contains(extension)
                || IPC.contains(extension)
                || ARTIFACTS.containsKey(extension)
                || added(extension) != null;
        return known ? extension : formatOfContent(path);
    }

    private static String formatOfContent(Path path) {
        if (Files.isRegularFile(path)) {
            try (InputStream input = Files.newInputStream(path)) {
                String start = new String(input.readNBytes(6), StandardCharsets.ISO_8859_1);
                if (start.equals("ARROW1") || start.startsWith("FEA1")) {
                    return "arrow";
                }
                if (start.startsWith("PAR1")) {
                    return "parquet";
                }
            } catch (IOException e) {
                // Whoever opens the file next says why it cannot be read.
            }
        }
        return "npz";
    }

    private static @Nullable TableFormat added(String extension) {
        for (TableFormat format : Added.FORMATS) {
            if (format.extensions().contains(extension)) {
                return format;
            }
        }
        return null;
    }
}
