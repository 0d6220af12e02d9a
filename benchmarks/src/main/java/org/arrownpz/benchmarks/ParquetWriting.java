package org.arrownpz.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.frame.Frame;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcOptions;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetCompression;
import org.arrownpz.parquet.ParquetOptions;

/**
 * Size and time of Parquet as we and as pyarrow write it, by turns, each from memory: the events of {@link EventShape},
 * flat and packed, and the taxi table. Prints a table in Markdown.
 *
 * <p>Arguments: a Python that has pyarrow; rows (1000000 where missing); turns (9).
 */
public final class ParquetWriting implements AutoCloseable {
    /** Turns that are not counted: the first tables would pay for what the compiler does for all. */
    private static final int WARM_UP = 5;

    private final Process python;
    private final BufferedWriter requests;
    private final BufferedReader answers;
    private final Scratch scratch;
    private final int turns;

    private ParquetWriting(Process python, Scratch scratch, int turns) throws IOException {
        this.python = python;
        this.requests = python.outputWriter(StandardCharsets.UTF_8);
        this.answers = python.inputReader(StandardCharsets.UTF_8);
        this.scratch = scratch;
        this.turns = turns;
        System.out.println("pyarrow " + answer() + ", medians of " + turns + " turns\n");
        System.out.println("| Table | Codec | ours, MB | pyarrow, MB | ratio | ours, ms | pyarrow, ms | ratio |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
    }

    public static void main(String[] arguments) throws Exception {
        int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        int turns = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 9;
        try (BufferAllocator allocator = new RootAllocator();
                Scratch scratch = Scratch.make();
                ParquetWriting writing = new ParquetWriting(start(arguments[0]), scratch, turns)) {
            for (EventShape shape : EventShape.values()) {
                PackSpec spec = PackSpec.by(EventShape.KEY).packRest();
                if (!shape.carried().isEmpty()) {
                    spec = spec.carry(shape.carried().toArray(new String[0]));
                }
                try (VectorSchemaRoot root = shape.flat(allocator, rows, false);
                        Frame flat = Frame.of(root);
                        Packed packed = Events.pack(root, spec)) {
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

    private static Process start(String python) throws IOException {
        try (InputStream script = Objects.requireNonNull(
                ParquetWriting.class.getResourceAsStream("write_parquet.py"), "write_parquet.py")) {
            return new ProcessBuilder(python, "-c", new String(script.readAllBytes(), StandardCharsets.UTF_8))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }
    }

    private void measure(String title, Frame frame) throws Exception {
        Path feather = scratch.file(FileForm.FEATHER);
        Ipc.write(frame, feather, IpcOptions.defaults());
        if (ask(feather.toString()) != frame.rowCount()) {
            throw new IllegalStateException("pyarrow has other rows");
        }
        Files.delete(feather);
        for (ParquetCompression codec : ParquetCompression.values()) {
            measure(title, frame, codec);
        }
    }

    private void measure(String title, Frame frame, ParquetCompression codec) throws Exception {
        Path ours = scratch.file("ours.parquet");
        Path theirs = scratch.file("theirs.parquet");
        ParquetOptions options =
                ParquetOptions.defaults().withCompression(codec).withDurability(Durability.RENAME_ONLY);
        String request = codec.name().toLowerCase(Locale.ROOT) + "\t" + theirs;
        long[] our = new long[turns];
        long[] their = new long[turns];
        for (int turn = -WARM_UP; turn < turns; turn++) {
            long start = System.nanoTime();
            Parquet.write(frame, ours, options);
            long time = System.nanoTime() - start;
            long other = ask(request);
            if (turn >= 0) {
                our[turn] = time;
                their[turn] = other;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.2f | %.2f | %.2f | %.0f | %.0f | %.2f |%n",
                title,
                codec,
                Files.size(ours) / 1e6,
                Files.size(theirs) / 1e6,
                (double) Files.size(ours) / Files.size(theirs),
                median(our) / 1e6,
                median(their) / 1e6,
                (double) median(our) / median(their));
        Files.delete(ours);
        Files.delete(theirs);
    }

    private static long median(long[] times) {
        Arrays.sort(times);
        return times[times.length / 2];
    }

    private long ask(String request) throws IOException {
        requests.write(request);
        requests.newLine();
        requests.flush();
        return Long.parseLong(answer());
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("Python ended");
        }
        return line;
    }

    @Override
    public void close() {
        python.destroy();
    }
}
