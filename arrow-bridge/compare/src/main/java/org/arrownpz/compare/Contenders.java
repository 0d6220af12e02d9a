package org.arrownpz.compare;

import static org.arrownpz.compare.Comparison.Kind.OURS;
import static org.arrownpz.compare.Comparison.Kind.PEER;
import static org.arrownpz.compare.FileForm.FEATHER;
import static org.arrownpz.compare.FileForm.FEATHER_LZ4;
import static org.arrownpz.compare.FileForm.FEATHER_ZSTD;
import static org.arrownpz.compare.FileForm.NPY_DIRECTORY;
import static org.arrownpz.compare.FileForm.NPZ_ALIGNED;
import static org.arrownpz.compare.FileForm.NPZ_DEFLATED;
import static org.arrownpz.compare.FileForm.NPZ_STATIC_FRAME;
import static org.arrownpz.compare.FileForm.PARQUET;
import static org.arrownpz.compare.FileForm.PARQUET_ZSTD;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.dataset.scanner.ScanOptions;
import org.apache.arrow.dataset.scanner.Scanner;
import org.apache.arrow.dataset.source.Dataset;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.compare.Comparison.Kind;
import org.arrownpz.compare.internal.measure.ColumnSum;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.parquet.ParquetOptions;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/**
 * The table of all readers and writers that take part in a comparison. A new format is a row here.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class Contenders {
    private static final WriteOptions ARRAYS = WriteOptions.defaults()
            .withForm(ArchiveForm.FRAME)
            .withDurability(Durability.RENAME_ONLY)
            .withOverwrite();
    /** zlib's default, which Python's {@code zipfile} takes. */
    private static final int DEFLATE = 6;

    private static final IpcOptions IPC = IpcOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final ParquetOptions ROW_GROUPS = ParquetOptions.defaults().withDurability(Durability.RENAME_ONLY);

    /** Batches smaller than the file's make the native reader copy. */
    static final long BATCH_ROWS = 1L << 30;

    private static final long DUCK_DB_ROWS = 1 << 17;
    private static final String DUCK_DB = "DuckDB read_parquet";
    private static final List<Reader> READERS = table();

    private Contenders() {}

    /** Takes a batch from a reader; the vectors are valid during the call. */
    @FunctionalInterface
    public interface Batch {
        void take(List<FieldVector> columns, DictionaryProvider dictionaries);
    }

    /** Some columns of a file that is open, for rows by their numbers. Used by one thread; closed by the caller. */
    public interface RowSource extends AutoCloseable {
        /** Opens a file for rows. */
        @FunctionalInterface
        interface Opener {
            /** @throws IllegalArgumentException when there is no such column */
            RowSource open(BufferAllocator allocator, Path file, List<String> columns) throws Exception;
        }

        /**
         * Hands over rows of the columns, together.
         *
         * @param rows their numbers, ascending
         */
        void take(long[] rows, Batch batch) throws Exception;
    }

    /**
     * A reader of one form of file.
     *
     * @param form what it reads
     * @param program the class or call, for instance {@code ArrowFileReader}
     * @param kind whose it is
     * @param maps whether columns may be views of a mapped file, whose values are fetched when they are asked for; which
     *     part of them is, is measured
     * @param call how it reads
     * @param rows how it takes rows by their numbers; null where that is not asked of it
     */
    public record Reader(
            FileForm form, String program, Kind kind, boolean maps, Call call, RowSource.@Nullable Opener rows) {
        /** Opens a file, hands over all of its columns, batch after batch, and closes it. */
        @FunctionalInterface
        public interface Call {
            /** A batch is ready when every value of it can be asked for. */
            void read(BufferAllocator allocator, Path file, Batch batch) throws Exception;
        }

        /** Program and form, as people read them. */
        String title() {
            return program + " of " + form.label();
        }

        boolean isPeer() {
            return kind == PEER;
        }
    }

    /**
     * A writer of one form of file.
     *
     * @param form what it writes
     * @param program the class or call, for instance {@code ArrowFileWriter}
     * @param kind whose it is
     * @param call how it writes
     */
    public record Writer(FileForm form, String program, Kind kind, Call call) {
        /** Writes the whole frame. Replaces what lies at the target; forces nothing to the disk. */
        @FunctionalInterface
        public interface Call {
            /** @throws IllegalArgumentException when the form cannot hold the frame, with the reason */
            void write(Frame frame, Path target) throws IOException;
        }
    }

    /** A Python in a process of its own, whose programs read and write too. Used by one thread; closed by the caller. */
    public interface Python extends AutoCloseable {
        /** Whether it has a module. */
        boolean has(String module);

        /**
         * Has a file read.
         *
         * @param operation {@code open}, {@code cell}, {@code touch}, {@code sums} for what every value adds up to, {@code
         *     hold} to keep the table, or {@code write} or {@code write npy}, where the file is what the table that is held
         *     is written to
         * @throws IOException when it cannot be read, with the reason
         */
        JsonNode call(String program, String operation, Path file) throws IOException;

        @Override
        void close() throws IOException;
    }

    /**
     * A checksum of a table's values that does not depend on how readers cut it into batches: each column's is a sum over
     * its values (see {@link ColumnSum}), and the table's a sum over its columns, weighted by their positions. Used by one
     * thread.
     */
    public static final class Checksum implements Batch {
        private long total;
        private long rows;

        /** Touches every value of a batch. */
        @Override
        public void take(List<FieldVector> columns, DictionaryProvider dictionaries) {
            for (int i = 0; i < columns.size(); i++) {
                total += ColumnSum.weighted(i, ColumnSum.of(columns.get(i), dictionaries));
            }
            rows += columns.isEmpty() ? 0 : columns.get(0).getValueCount();
        }

        /** The sum of all batches. */
        public long total() {
            return total;
        }

        /** The rows of all batches. */
        public long rows() {
            return rows;
        }
    }

    private static List<Reader> table() {
        List<Reader> readers = new ArrayList<>();
        for (FileForm form : List.of(NPZ_STATIC_FRAME, NPZ_ALIGNED, NPZ_DEFLATED, NPY_DIRECTORY)) {
            RowSource.Opener rows = form == NPZ_ALIGNED ? RowSources::frames : null;
            readers.add(new Reader(form, "Frames.open", OURS, true, Contenders::frames, rows));
        }
        for (FileForm form : List.of(FEATHER, FEATHER_LZ4, FEATHER_ZSTD)) {
            boolean plain = form == FEATHER;
            readers.add(new Reader(form, "Ipc.read", OURS, true, Contenders::ipc, plain ? RowSources::ipc : null));
            readers.addAll(feather(form, plain, plain));
        }
        for (FileForm form : List.of(PARQUET, PARQUET_ZSTD)) {
            readers.add(new Reader(form, "Parquet.read", OURS, false, Contenders::parquet, null));
            readers.add(dataset(form, FileFormat.PARQUET, "", form == PARQUET));
        }
        return readers;
    }

    /** Arrow's own readers of a Feather file; one that is not compressed is mapped too. */
    static List<Reader> feather(FileForm form, boolean plain, boolean rows) {
        List<Reader> readers = new ArrayList<>();
        RowSource.Opener opener = rows ? RowSources::arrowFile : null;
        readers.add(new Reader(form, "ArrowFileReader", PEER, false, Contenders::arrowFile, opener));
        readers.add(dataset(form, FileFormat.ARROW_IPC, "", rows));
        if (plain) {
            readers.add(dataset(form, FileFormat.ARROW_IPC, "?use_mmap", rows));
        }
        return readers;
    }

    /** @param parameters {@code ?use_mmap} maps the file, which works for uncompressed Feather only */
    static Reader dataset(FileForm form, FileFormat format, String parameters, boolean rows) {
        Reader.Call call = (allocator, file, batch) -> {
            String uri = file.toAbsolutePath().toUri() + parameters;
            try (FileSystemDatasetFactory factory =
                            new FileSystemDatasetFactory(allocator, NativeMemoryPool.getDefault(), format, uri);
                    Dataset dataset = factory.finish();
                    Scanner scanner = dataset.newScan(new ScanOptions(BATCH_ROWS));
                    ArrowReader reader = scanner.scanBatches()) {
                hand(reader, batch);
            }
        };
        String program = "dataset " + parameters;
        RowSource.Opener opener = rows ? RowSources.dataset(format, parameters) : null;
        return new Reader(form, program.strip(), PEER, !parameters.isEmpty(), call, opener);
    }

    /** All readers but those that need a connection. */
    static List<Reader> readers() {
        return READERS;
    }

    /**
     * A reader by its form and program.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Reader reader(FileForm form, String program) {
        return READERS.stream()
                .filter(reader -> reader.form == form && reader.program.equals(program))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(program + " of " + form.label()));
    }

    /** The reader of a form that knows nothing of this library's metadata. */
    static Reader plainReader(FileForm form) {
        return reader(form, form.isParquet() ? "dataset" : "ArrowFileReader");
    }

    /**
     * The writers; one of each form stands before others of that form.
     *
     * @param aligned where the frame lies as {@link FileForm#NPZ_ALIGNED}, from which the layout of StaticFrame is made
     */
    public static List<Writer> writers(BufferAllocator allocator, Path aligned) {
        List<Writer> writers = new ArrayList<>();
        // First of all, for others read it.
        writers.add(ours(NPZ_ALIGNED, "Frames.write"));
        writers.add(new Writer(
                NPZ_STATIC_FRAME,
                "from the aligned",
                OURS,
                (frame, target) -> StaticFrameLayout.write(allocator, aligned, target)));
        writers.add(ours(NPZ_DEFLATED, "Frames.write"));
        writers.add(ours(NPY_DIRECTORY, "Frames.writeDirectory"));
        List.of(FEATHER, FEATHER_LZ4, FEATHER_ZSTD).forEach(form -> writers.add(ours(form, "Ipc.write")));
        List.of(PARQUET, PARQUET_ZSTD).forEach(form -> writers.add(ours(form, "Parquet.write")));
        writers.add(new Writer(FEATHER, "ArrowFileWriter", PEER, Contenders::arrowFile));
        return writers;
    }

    private static Writer ours(FileForm form, String program) {
        return new Writer(form, program, OURS, (frame, target) -> write(form, frame, target));
    }

    /**
     * Writes a frame by this library.
     *
     * @throws IllegalArgumentException when the form cannot hold the frame, with the reason, or is not this library's
     */
    public static void write(FileForm form, Frame frame, Path target) throws IOException {
        switch (form) {
            case NPZ_ALIGNED -> Frames.write(frame, target, ARRAYS);
            case NPZ_DEFLATED -> Frames.write(frame, target, ARRAYS.deflate(DEFLATE));
            case NPY_DIRECTORY -> Frames.writeDirectory(frame, target, ARRAYS);
            case FEATHER -> Ipc.write(frame, target, IPC);
            case FEATHER_LZ4 -> Ipc.write(frame, target, IPC.withCompression(IpcOptions.Compression.LZ4));
            case FEATHER_ZSTD -> Ipc.write(frame, target, IPC.withCompression(IpcOptions.Compression.ZSTD));
            case PARQUET_PLAIN ->
                Parquet.write(frame, target, ROW_GROUPS.withCompression(ParquetOptions.Compression.NONE));
            case PARQUET -> Parquet.write(frame, target, ROW_GROUPS.withCompression(ParquetOptions.Compression.SNAPPY));
            case PARQUET_ZSTD ->
                Parquet.write(frame, target, ROW_GROUPS.withCompression(ParquetOptions.Compression.ZSTD));
            case OWN, NPZ_STATIC_FRAME -> throw new IllegalArgumentException(form.label());
        }
    }

    /** Starts a Python, or adds to the missing why there is none. A call that takes ten minutes ends it. */
    public static @Nullable Python python(String program, List<String> missing) {
        return PythonReaders.start(program, missing);
    }

    /** Connects DuckDB, which is not measured, or adds to the missing why not: its native code does not run everywhere. */
    static @Nullable DuckDBConnection duckDb(List<String> missing) {
        Properties settings = new Properties();
        settings.setProperty("autoinstall_known_extensions", "false");
        try {
            return (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", settings);
        } catch (SQLException | LinkageError e) {
            missing.add(DUCK_DB + ": DuckDB cannot be started: " + e.getMessage());
            return null;
        }
    }

    /** DuckDB's {@code read_parquet}, its result as Arrow. */
    static Reader duckDb(DuckDBConnection connection, FileForm form) {
        Reader.Call call = (allocator, file, batch) -> {
            String name = file.toAbsolutePath().toString().replace("'", "''");
            String query = "SELECT * FROM read_parquet('" + name + "')";
            try (Statement statement = connection.createStatement();
                    DuckDBResultSet rows = (DuckDBResultSet) statement.executeQuery(query);
                    ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, DUCK_DB_ROWS)) {
                hand(reader, batch);
            }
        };
        return new Reader(form, DUCK_DB, PEER, false, call, null);
    }

    private static void frames(BufferAllocator allocator, Path file, Batch batch) throws Exception {
        try (Frame frame = Frames.open(allocator, file)) {
            hand(frame, batch);
        }
    }

    private static void ipc(BufferAllocator allocator, Path file, Batch batch) throws Exception {
        try (IpcFile ipc = Ipc.read(allocator, file)) {
            hand(ipc.frame(), batch);
        }
    }

    private static void parquet(BufferAllocator allocator, Path file, Batch batch) throws Exception {
        try (ParquetFile parquet = Parquet.read(allocator, file)) {
            hand(parquet.frame(), batch);
        }
    }

    private static void arrowFile(BufferAllocator allocator, Path file, Batch batch) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                ArrowFileReader reader = new ArrowFileReader(channel, allocator, CommonsCompressionFactory.INSTANCE)) {
            hand(reader, batch);
        }
    }

    private static void arrowFile(Frame frame, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        target,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                ArrowFileWriter writer = new ArrowFileWriter(frame.interchangeRoot(), frame.dictionaries(), channel)) {
            writer.writeBatch();
        }
    }

    /** Hands over the columns of a frame, index levels first. */
    static void hand(Frame frame, Batch batch) throws IOException {
        batch.take(frame.root().getFieldVectors(), frame.dictionaries());
    }

    private static void hand(ArrowReader reader, Batch batch) throws IOException {
        while (reader.loadNextBatch()) {
            batch.take(reader.getVectorSchemaRoot().getFieldVectors(), reader);
        }
    }
}
