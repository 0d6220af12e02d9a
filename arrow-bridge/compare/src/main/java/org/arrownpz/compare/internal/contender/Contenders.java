package org.arrownpz.compare.internal.contender;

import static org.arrownpz.compare.report.FileForm.FEATHER;
import static org.arrownpz.compare.report.FileForm.FEATHER_LZ4;
import static org.arrownpz.compare.report.FileForm.FEATHER_ZSTD;
import static org.arrownpz.compare.report.FileForm.NPY_DIRECTORY;
import static org.arrownpz.compare.report.FileForm.NPZ_ALIGNED;
import static org.arrownpz.compare.report.FileForm.NPZ_DEFLATED;
import static org.arrownpz.compare.report.FileForm.NPZ_STATIC_FRAME;
import static org.arrownpz.compare.report.FileForm.PARQUET;
import static org.arrownpz.compare.report.FileForm.PARQUET_PLAIN;
import static org.arrownpz.compare.report.FileForm.PARQUET_ZSTD;
import static org.arrownpz.compare.report.Result.Kind.OURS;
import static org.arrownpz.compare.report.Result.Kind.PEER;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.dataset.scanner.ScanOptions;
import org.apache.arrow.dataset.scanner.Scanner;
import org.apache.arrow.dataset.source.Dataset;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.ArchiveForm;
import org.arrownpz.Durability;
import org.arrownpz.WriteOptions;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcCompression;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetCompression;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.parquet.ParquetOptions;

/** The table of all readers and writers but DuckDB, which needs a connection: see {@link DuckDb}. */
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
    private static final long BATCH_ROWS = 1L << 30;

    private static final List<Reader> READERS = List.of(
            new Reader(NPZ_STATIC_FRAME, "Frames.open", OURS, true, Contenders::frames),
            new Reader(NPZ_ALIGNED, "Frames.open", OURS, true, Contenders::frames, RowSources::frames),
            new Reader(NPZ_DEFLATED, "Frames.open", OURS, true, Contenders::frames),
            new Reader(NPY_DIRECTORY, "Frames.open", OURS, true, Contenders::frames),
            new Reader(FEATHER, "Ipc.read", OURS, true, Contenders::ipc, RowSources::ipc),
            new Reader(FEATHER, "ArrowFileReader", PEER, false, Contenders::arrowFile, RowSources::arrowFile),
            new Reader(
                    FEATHER,
                    "dataset",
                    PEER,
                    false,
                    dataset(FileFormat.ARROW_IPC, ""),
                    RowSources.dataset(FileFormat.ARROW_IPC, "")),
            new Reader(
                    FEATHER,
                    "dataset ?use_mmap",
                    PEER,
                    true,
                    dataset(FileFormat.ARROW_IPC, "?use_mmap"),
                    RowSources.dataset(FileFormat.ARROW_IPC, "?use_mmap")),
            new Reader(FEATHER_LZ4, "Ipc.read", OURS, true, Contenders::ipc),
            new Reader(FEATHER_LZ4, "ArrowFileReader", PEER, false, Contenders::arrowFile),
            new Reader(FEATHER_LZ4, "dataset", PEER, false, dataset(FileFormat.ARROW_IPC, "")),
            new Reader(FEATHER_ZSTD, "Ipc.read", OURS, true, Contenders::ipc),
            new Reader(FEATHER_ZSTD, "ArrowFileReader", PEER, false, Contenders::arrowFile),
            new Reader(FEATHER_ZSTD, "dataset", PEER, false, dataset(FileFormat.ARROW_IPC, "")),
            new Reader(PARQUET, "Parquet.read", OURS, false, Contenders::parquet),
            new Reader(
                    PARQUET,
                    "dataset",
                    PEER,
                    false,
                    dataset(FileFormat.PARQUET, ""),
                    RowSources.dataset(FileFormat.PARQUET, "")),
            new Reader(PARQUET_ZSTD, "Parquet.read", OURS, false, Contenders::parquet),
            new Reader(PARQUET_ZSTD, "dataset", PEER, false, dataset(FileFormat.PARQUET, "")));

    private Contenders() {}

    public static List<Reader> readers() {
        return READERS;
    }

    /** How somebody reads a form who knows nothing of this library's metadata. */
    public static Reader.Call plainReader(FileForm form) {
        return form == PARQUET || form == PARQUET_ZSTD ? dataset(FileFormat.PARQUET, "") : Contenders::arrowFile;
    }

    /**
     * The writers; one of each form stands before others of that form.
     *
     * @param aligned where the frame lies as {@link FileForm#NPZ_ALIGNED}, from which the layout of StaticFrame is made
     */
    public static List<Writer> writers(BufferAllocator allocator, Path aligned) {
        List<Writer> writers = new ArrayList<>();
        // First of all, for others read it.
        writers.add(ours(NPZ_ALIGNED));
        writers.add(new Writer(
                NPZ_STATIC_FRAME,
                "from the aligned",
                OURS,
                (frame, target) -> StaticFrameLayout.write(allocator, aligned, target)));
        writers.add(ours(NPZ_DEFLATED));
        writers.add(new Writer(
                NPY_DIRECTORY,
                "Frames.writeDirectory",
                OURS,
                (frame, target) -> Frames.writeDirectory(frame, target, ARRAYS)));
        writers.add(ours(FEATHER));
        writers.add(ours(FEATHER_LZ4));
        writers.add(ours(FEATHER_ZSTD));
        writers.add(ours(PARQUET));
        writers.add(ours(PARQUET_ZSTD));
        writers.add(new Writer(FEATHER, "ArrowFileWriter", PEER, Contenders::arrowFile));
        return writers;
    }

    /**
     * This library's writer of a form that is one file.
     *
     * @throws IllegalArgumentException for others
     */
    public static Writer ours(FileForm form) {
        return switch (form) {
            case NPZ_ALIGNED ->
                new Writer(form, "Frames.write", OURS, (frame, target) -> Frames.write(frame, target, ARRAYS));
            case NPZ_DEFLATED ->
                new Writer(
                        form,
                        "Frames.write",
                        OURS,
                        (frame, target) -> Frames.write(frame, target, ARRAYS.deflate(DEFLATE)));
            case FEATHER -> ipc(form, IpcCompression.NONE);
            case FEATHER_LZ4 -> ipc(form, IpcCompression.LZ4);
            case FEATHER_ZSTD -> ipc(form, IpcCompression.ZSTD);
            case PARQUET_PLAIN -> parquet(form, ParquetCompression.NONE);
            case PARQUET -> parquet(form, ParquetCompression.SNAPPY);
            case PARQUET_ZSTD -> parquet(form, ParquetCompression.ZSTD);
            case OWN, NPZ_STATIC_FRAME, NPY_DIRECTORY -> throw new IllegalArgumentException(form.label());
        };
    }

    private static Writer ipc(FileForm form, IpcCompression compression) {
        IpcOptions options = IPC.withCompression(compression);
        return new Writer(form, "Ipc.write", OURS, (frame, target) -> Ipc.write(frame, target, options));
    }

    private static Writer parquet(FileForm form, ParquetCompression compression) {
        ParquetOptions options = ROW_GROUPS.withCompression(compression);
        return new Writer(form, "Parquet.write", OURS, (frame, target) -> Parquet.write(frame, target, options));
    }

    private static void frames(BufferAllocator allocator, Path file, Batch batch) throws Exception {
        try (Frame frame = Frames.open(allocator, file)) {
            batch.take(frame.root().getFieldVectors(), frame.dictionaries());
        }
    }

    private static void ipc(BufferAllocator allocator, Path file, Batch batch) throws Exception {
        try (IpcFile ipc = Ipc.read(allocator, file)) {
            batch.take(ipc.frame().root().getFieldVectors(), ipc.frame().dictionaries());
        }
    }

    private static void parquet(BufferAllocator allocator, Path file, Batch batch) throws Exception {
        try (ParquetFile parquet = Parquet.read(allocator, file)) {
            batch.take(parquet.frame().root().getFieldVectors(), parquet.frame().dictionaries());
        }
    }

    static void arrowFile(BufferAllocator allocator, Path file, Batch batch) throws Exception {
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

    /** @param parameters {@code ?use_mmap} maps the file, which works for uncompressed Feather only */
    static Reader.Call dataset(FileFormat format, String parameters) {
        return (allocator, file, batch) -> {
            String uri = file.toAbsolutePath().toUri() + parameters;
            try (FileSystemDatasetFactory factory =
                            new FileSystemDatasetFactory(allocator, NativeMemoryPool.getDefault(), format, uri);
                    Dataset dataset = factory.finish();
                    Scanner scanner = dataset.newScan(new ScanOptions(BATCH_ROWS));
                    ArrowReader reader = scanner.scanBatches()) {
                hand(reader, batch);
            }
        };
    }

    /** Hands over all batches of a reader. */
    static void hand(ArrowReader reader, Batch batch) throws IOException {
        while (reader.loadNextBatch()) {
            batch.take(reader.getVectorSchemaRoot().getFieldVectors(), reader);
        }
    }
}
