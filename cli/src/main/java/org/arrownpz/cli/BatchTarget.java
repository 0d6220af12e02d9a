package org.arrownpz.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.Durability;
import org.arrownpz.WriteOptions;
import org.arrownpz.dataset.Parquet;
import org.arrownpz.dataset.ParquetOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.storage.AtomicFile;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;

/** Writes batches to an output, as {@link Target} writes a frame. */
final class BatchTarget {
    private BatchTarget() {}

    /** Writes all batches; returns the columns that NumPy and StaticFrame will not see. */
    static List<String> write(ArrowReader reader, Target target, Console console) throws IOException {
        IpcOptions ipc = IpcOptions.defaults().withCompression(target.compression());
        switch (target.format()) {
            case NPZ -> {
                return Frames.write(reader, Path.of(target.name()), target.options())
                        .columnsHiddenFromNumpy();
            }
            case NPY, NPYDIR -> {
                return whole(reader, target, console);
            }
            case IPC_FILE, IPC_STREAM -> Ipc.write(reader, Path.of(target.name()), ipc);
            case PIPE -> Ipc.writeStream(reader, console.out(), ipc);
            case PARQUET ->
                Parquet.write(
                        reader,
                        Path.of(target.name()),
                        ParquetOptions.defaults()
                                .withDurability(target.options().durability()));
            case CSV, JSON -> rows(reader, target);
            case BUS -> throw new IllegalStateException("not planned: " + target.format());
        }
        return List.of();
    }

    /** These are made of frames: the batches go through a file. */
    private static List<String> whole(ArrowReader reader, Target target, Console console) throws IOException {
        Path spool = Files.createTempFile("arrow-npz-", ".npz");
        try (BufferAllocator allocator = new RootAllocator()) {
            WriteOptions options = WriteOptions.defaults().withOverwrite().withDurability(Durability.RENAME_ONLY);
            Frames.write(reader, spool, options);
            try (Frame frame = Frames.open(allocator, spool)) {
                return target.write(frame, console);
            }
        } finally {
            Files.deleteIfExists(spool);
        }
    }

    private static void rows(ArrowReader reader, Target target) throws IOException {
        List<String> names = Rows.names(reader.getVectorSchemaRoot().getSchema());
        try (AtomicFile file =
                AtomicFile.create(Path.of(target.name()), target.options().durability())) {
            OutputStream out = Channels.newOutputStream(file.channel());
            try (Rows.RowPrinter printer =
                    target.format() == Format.CSV ? new CsvRows(out, names) : new JsonRows(out, names)) {
                print(reader, printer);
            }
            file.commit();
        }
    }

    /** Hands all rows to a printer, which stays open. */
    static void print(ArrowReader reader, Rows.RowPrinter printer) throws IOException {
        Rows.print(printer, reader);
    }
}
