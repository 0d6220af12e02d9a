package org.arrownpz.jvm;

import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float8Vector;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.io.ArrowRuntime;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.ipc.MappedIpcReader;

/**
 * What an application does, in a JVM of its own: opens a frame mapped, reads it, writes it as NPZ and Feather, reads these.
 * Prints {@code works}, or what was thrown and where. Arguments: the file, a directory, and whether to ask
 * {@link ArrowRuntime} first.
 */
public final class Trial {
    private Trial() {}

    public static void main(String[] arguments) {
        String place = "ArrowRuntime.check()";
        try {
            if (Boolean.parseBoolean(arguments[2])) {
                ArrowRuntime.check();
            }
            place = "new RootAllocator()";
            try (BufferAllocator allocator = new RootAllocator()) {
                place = "Frames.open";
                work(allocator, Path.of(arguments[0]), Path.of(arguments[1]));
            }
            System.out.println("works");
        } catch (Exception | LinkageError e) {
            System.out.println(place + "|" + text(e));
        }
    }

    private static void work(BufferAllocator allocator, Path source, Path directory) throws Exception {
        try (Frame frame = Frames.open(allocator, source)) {
            double sum = sum(frame);
            Path npz = directory.resolve("copy.npz");
            Path feather = directory.resolve("copy.feather");
            Frames.write(frame, npz, WriteOptions.defaults());
            Ipc.write(frame, feather, IpcOptions.defaults().withCompression(IpcOptions.Compression.ZSTD));
            try (Frame copy = Frames.open(allocator, npz);
                    MappedIpcReader batches = Ipc.open(allocator, feather)) {
                long rows = 0;
                while (batches.loadNextBatch()) {
                    rows += batches.getVectorSchemaRoot().getRowCount();
                }
                if (Double.compare(sum(copy), sum) != 0 || rows != frame.rowCount()) {
                    throw new AssertionError("the copies differ");
                }
            }
        }
    }

    private static double sum(Frame frame) throws Exception {
        double sum = 0;
        for (int i = 0; i < frame.columnNames().size(); i++) {
            if (frame.column(i) instanceof Float8Vector values) {
                for (int row = 0; row < values.getValueCount(); row++) {
                    sum += values.get(row);
                }
            }
        }
        return sum;
    }

    private static String text(Throwable thrown) {
        if (thrown instanceof IllegalStateException refused) {
            return String.valueOf(refused.getMessage());
        }
        StringBuilder text = new StringBuilder(thrown.toString());
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            text.append("; caused by ").append(cause);
        }
        // Identities differ from run to run.
        return text.toString().replaceAll("@[0-9a-f]+", "");
    }
}
