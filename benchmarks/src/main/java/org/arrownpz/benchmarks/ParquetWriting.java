package org.arrownpz.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.compare.FileForm;
import org.arrownpz.compare.fixture.FrameFixture;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetOptions;

/**
 * Size and time of Parquet as we and as pyarrow write it, by turns, each from memory: the events of {@link EventShape},
 * flat and packed, and the taxi table.
 *
 * <p>Arguments: a Python that has pyarrow; rows (1000000 where missing); turns (9).
 */
public record ParquetWriting(Child python, Scratch scratch, int turns) {
    public static void main(String[] arguments) throws Exception {
        int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        int turns = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 9;
        try (BufferAllocator allocator = new RootAllocator();
                Scratch scratch = Scratch.make();
                Child python = start(arguments[0])) {
            Turns.printHeader("pyarrow " + python.greeting);
            ParquetWriting writing = new ParquetWriting(python, scratch, turns);
            for (EventShape shape : EventShape.values()) {
                try (VectorSchemaRoot root = shape.flat(allocator, rows, false);
                        Frame flat = Frame.of(root);
                        Packed packed = Events.pack(root, shape.spec())) {
                    writing.measure(shape.title + ", flat", flat);
                    writing.measure(shape.title + ", packed", packed.frame());
                }
            }
            try (VectorSchemaRoot root = FrameFixture.taxi(allocator, rows);
                    Frame taxi = Frame.of(root)) {
                writing.measure("taxi trips", taxi);
            }
        }
    }

    private static Child start(String python) throws IOException {
        try (InputStream script = Objects.requireNonNull(
                ParquetWriting.class.getResourceAsStream("write_parquet.py"), "write_parquet.py")) {
            return new Child(List.of(python, "-c", new String(script.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    private void measure(String title, Frame frame) throws Exception {
        Path feather = scratch.file(FileForm.FEATHER);
        Ipc.write(frame, feather, IpcOptions.defaults());
        if (Long.parseLong(python.ask(feather.toString())) != frame.rowCount()) {
            throw new IllegalStateException("pyarrow has other rows");
        }
        Files.delete(feather);
        for (ParquetOptions.Compression codec : ParquetOptions.Compression.values()) {
            measure(title, frame, codec);
        }
    }

    private void measure(String title, Frame frame, ParquetOptions.Compression codec) throws Exception {
        Path ours = scratch.file("ours.parquet");
        Path theirs = scratch.file("theirs.parquet");
        ParquetOptions options =
                ParquetOptions.defaults().withCompression(codec).withDurability(Durability.RENAME_ONLY);
        String request = codec.name().toLowerCase(Locale.ROOT) + "\t" + theirs;
        new Turns(title + ", " + codec, turns)
                .floorTold("pyarrow", () -> Long.parseLong(python.ask(request)))
                .add("Parquet.write", () -> Parquet.write(frame, ours, options))
                .run();
        System.out.printf(
                Locale.ROOT,
                "%s, %s: %.2f MB, pyarrow %.2f MB, ratio %.2f%n",
                title,
                codec,
                Files.size(ours) / 1e6,
                Files.size(theirs) / 1e6,
                (double) Files.size(ours) / Files.size(theirs));
        Files.delete(ours);
        Files.delete(theirs);
    }
}
