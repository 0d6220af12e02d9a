package org.arrownpz.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import org.arrownpz.WriteOptions;
import org.arrownpz.dataset.Parquet;
import org.arrownpz.dataset.ParquetOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.storage.AtomicFile;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcCompression;
import org.arrownpz.ipc.IpcOptions;

/**
 * An output.
 *
 * @param name path, or {@code -} for standard output
 * @param format what to write
 * @param options for NumPy formats
 * @param compression for Arrow formats
 */
record Target(String name, Format format, WriteOptions options, IpcCompression compression) {
    /** Writes the frame; returns the columns that NumPy and StaticFrame will not see. */
    List<String> write(Frame frame, Console console) throws IOException {
        IpcOptions ipc = IpcOptions.defaults().withCompression(compression);
        return switch (format) {
            case NPZ, NPY -> Frames.write(frame, Path.of(name), options).columnsHiddenFromNumpy();
            case NPYDIR -> Frames.writeDirectory(frame, Path.of(name), options).columnsHiddenFromNumpy();
            case IPC_FILE, IPC_STREAM -> {
                Ipc.write(frame, Path.of(name), ipc);
                yield List.of();
            }
            case PIPE -> {
                Ipc.writeStream(frame, console.out(), ipc);
                yield List.of();
            }
            case CSV, JSON -> {
                rows(frame);
                yield List.of();
            }
            case PARQUET -> {
                Parquet.write(frame, Path.of(name), ParquetOptions.defaults().withDurability(options.durability()));
                yield List.of();
            }
            case BUS -> throw new IllegalStateException("not planned: " + format);
        };
    }

    private void rows(Frame frame) throws IOException {
        List<String> names = frame.schema().getFields().stream()
                .map(field -> field.getName())
                .toList();
        try (AtomicFile file = AtomicFile.create(Path.of(name), options.durability())) {
            OutputStream out = Channels.newOutputStream(file.channel());
            try (Rows.RowPrinter printer = format == Format.CSV ? new CsvRows(out, names) : new JsonRows(out, names)) {
                Rows.print(printer, frame, 0, frame.rowCount());
            }
            file.commit();
        }
    }
}
