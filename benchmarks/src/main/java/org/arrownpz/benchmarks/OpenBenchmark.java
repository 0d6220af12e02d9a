package org.arrownpz.benchmarks;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.StorageOrder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Opening a StaticFrame NPZ with each float64 column stored as an array of its own, in a warm page cache, until the
 * {@code VectorSchemaRoot} is usable; closing is part of it for everybody. {@code Touch} sums every value by one kernel.
 */
@State(Scope.Thread)
public class OpenBenchmark extends FileBenchmark {
    /** Columns and rows: 100 MB of data in large columns, and 8 MB in very many small ones. */
    @Param({"100x125000", "10000x100"})
    public String form = "100x125000";

    private Path npz;
    private Path feather;

    @Setup(Level.Trial)
    public void prepare() throws IOException {
        fixture = new Fixture();
        String[] numbers = form.split("x", -1);
        try (VectorSchemaRoot root = fixture.columns(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]))) {
            npz = fixture.npz(root, StorageOrder.FORTRAN, false);
            feather = fixture.feather(root);
            long expected = Raw.sum(root);
            if (expected != openTouch() || expected != floorTouch() || expected != arrowFileReaderTouch()) {
                throw new IllegalStateException("the readers see different values");
            }
        }
    }

    @TearDown(Level.Trial)
    public void tidyUp() {
        fixture.close();
    }

    /** The floor: mapped, and every array's place found. */
    @Benchmark
    public int floorReady() throws IOException {
        try (FloorReader reader = new FloorReader(npz)) {
            return reader.arrays();
        }
    }

    @Benchmark
    public int openReady() throws IOException {
        try (Frame frame = Frames.open(fixture.allocator, npz)) {
            return frame.root().getRowCount();
        }
    }

    /** The peer, on the same data as Feather. It has always read all values when it is ready. */
    @Benchmark
    public int arrowFileReaderReady() throws IOException {
        try (FileChannel channel = FileChannel.open(feather, StandardOpenOption.READ);
                ArrowFileReader reader = new ArrowFileReader(channel, fixture.allocator)) {
            reader.loadNextBatch();
            return reader.getVectorSchemaRoot().getRowCount();
        }
    }

    /** The floor: mapped and summed. */
    @Benchmark
    public long floorTouch() throws IOException {
        try (FloorReader reader = new FloorReader(npz)) {
            return reader.sum();
        }
    }

    @Benchmark
    public long openTouch() throws IOException {
        try (Frame frame = Frames.open(fixture.allocator, npz)) {
            return Raw.sum(frame.root());
        }
    }

    @Benchmark
    public long arrowFileReaderTouch() throws IOException {
        try (FileChannel channel = FileChannel.open(feather, StandardOpenOption.READ);
                ArrowFileReader reader = new ArrowFileReader(channel, fixture.allocator)) {
            reader.loadNextBatch();
            return Raw.sum(reader.getVectorSchemaRoot());
        }
    }
}
