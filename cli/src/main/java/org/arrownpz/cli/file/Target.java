package org.arrownpz.cli.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.SafeText;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.array.SparseMatrix;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.sql.TextTables;

/**
 * An output.
 *
 * @param name path, or {@code -} for standard output
 * @param format what to write
 * @param options for NumPy formats
 * @param ipc for Arrow formats
 * @param parquet for Parquet
 */
public record Target(String name, Format format, WriteOptions options, IpcOptions ipc, ParquetOptions parquet) {
    /** Writes the frame, and tells what others will not see of it as it is. */
    public void write(Frame frame, Console console) throws IOException {
        switch (format) {
            case NPZ -> {
                if (options.form() == ArchiveForm.AS_READ && SparseMatrix.isMatrix(frame.schema())) {
                    SparseMatrix.save(Urls.path(name), frame.root(), options);
                } else {
                    WriteNotes.say(name, Frames.write(frame, Urls.path(name), options), console);
                }
            }
            case NPY -> WriteNotes.say(name, Frames.write(frame, Urls.path(name), options), console);
            case NPYDIR -> WriteNotes.say(name, Frames.writeDirectory(frame, Urls.path(name), options), console);
            case IPC_FILE, IPC_STREAM -> Ipc.write(frame, Urls.path(name), ipc);
            case PIPE -> Ipc.writeStream(frame, console.out(), ipc);
            case CSV, JSON -> TextTables.write(frame, Urls.path(name), options.durability());
            case PARQUET -> Parquet.write(frame, Urls.path(name), parquet);
            case SAFETENSORS -> throw noTensors();
            case BUS -> throw new IllegalStateException("not planned: " + format);
        }
        if (isText()) {
            sayChanged(frame.schema(), console);
        }
    }

    /** The same for all batches. */
    public void write(ArrowReader reader, Console console) throws IOException {
        switch (format) {
            case NPZ -> WriteNotes.say(name, Frames.write(reader, Urls.path(name), options), console);
            case NPY, NPYDIR -> whole(reader, frame -> write(frame, console));
            case IPC_FILE, IPC_STREAM -> Ipc.write(reader, Urls.path(name), ipc);
            case PIPE -> Ipc.writeStream(reader, console.out(), ipc);
            case PARQUET -> Parquet.write(reader, Urls.path(name), parquet);
            case CSV, JSON -> TextTables.write(reader, Urls.path(name), options.durability());
            case SAFETENSORS -> throw noTensors();
            case BUS -> throw new IllegalStateException("not planned: " + format);
        }
        if (isText()) {
            sayChanged(reader.getVectorSchemaRoot().getSchema(), console);
        }
    }

    private boolean isText() {
        return format == Format.CSV || format == Format.JSON;
    }

    private void sayChanged(Schema schema, Console console) throws IOException {
        List<String> changed = ChangedTypes.of(schema, Urls.path(name));
        if (!changed.isEmpty()) {
            console.say(SafeText.escape(name, 4096) + ": types that text does not keep: "
                    + SafeText.escape(String.join("; ", changed), 2000));
        }
    }

    private static UsageException noTensors() {
        return new UsageException("a safetensors file holds arrays, and a table is none: write .npz or .npy");
    }

    /** Writes a frame. */
    @FunctionalInterface
    interface Step {
        void write(Frame frame) throws IOException;
    }

    /** For what is made of frames: the batches go through a file. */
    void whole(ArrowReader reader, Step step) throws IOException {
        Path spool = Files.createTempFile("arrow-npz-", ".npz");
        // Where Ctrl-C ends it.
        spool.toFile().deleteOnExit();
        try (BufferAllocator allocator = new RootAllocator()) {
            WriteOptions unsynced = WriteOptions.defaults().withOverwrite().withDurability(Durability.RENAME_ONLY);
            Frames.write(reader, spool, unsynced);
            try (Frame frame = Frames.open(allocator, spool)) {
                step.write(frame);
            }
        } finally {
            Files.deleteIfExists(spool);
        }
    }
}
