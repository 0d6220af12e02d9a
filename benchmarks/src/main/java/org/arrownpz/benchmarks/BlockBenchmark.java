package org.arrownpz.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.vector.read.VectorReader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A two-dimensional float64 block as StaticFrame stores it, row-major: its columns cost one transposing copy, its view
 * as a tensor none, whatever its size. The floor of the copy is a {@code memcpy} of the block.
 */
@State(Scope.Thread)
public class BlockBenchmark extends FileBenchmark {
    /** Columns and rows: 8 MB, 80 MB long, 80 MB wide. */
    @Param({"100x10000", "100x100000", "10000x1000"})
    public String form = "100x100000";

    private Path npz;
    private NpzFile archive;
    private ArrowBuf source;
    private ArrowBuf warm;

    @Setup(Level.Trial)
    public void prepare() throws IOException {
        fixture = new Fixture();
        String[] numbers = form.split("x", -1);
        try (VectorSchemaRoot root = fixture.columns(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]))) {
            npz = fixture.npz(root, StorageOrder.C, true);
            try (Frame frame = Frames.open(fixture.allocator, npz)) {
                if (Raw.sum(root) != Raw.sum(frame.root())) {
                    throw new IllegalStateException("the transposed values differ");
                }
            }
        }
        archive = NpzFile.open(fixture.allocator, npz);
        source = archive.array("__blocks_0__")
                .region(0, archive.array("__blocks_0__").header().dataLength());
        warm = fixture.allocator.buffer(source.capacity());
    }

    @TearDown(Level.Trial)
    public void tidyUp() {
        warm.close();
        source.close();
        archive.close();
        fixture.close();
    }

    /** The floor: the block's mapped bytes into memory of the same allocator, given back as ours is. */
    @Benchmark
    public long floorMemcpy() {
        try (ArrowBuf target = fixture.allocator.buffer(source.capacity())) {
            Raw.copy(source, target);
            return target.getLong(0);
        }
    }

    /** The same into memory that is there and was written before: what no reader has, for its result is new. */
    @Benchmark
    public long floorWarmMemcpy() {
        Raw.copy(source, warm);
        return warm.getLong(0);
    }

    /** The least that {@link #columns} needs: the archive opened, the block mapped anew and copied, all given back. */
    @Benchmark
    public long floorOpenMapMemcpy() throws IOException {
        try (NpzFile opened = NpzFile.open(fixture.allocator, npz);
                ArrowBuf mapped = opened.array("__blocks_0__").region(0, source.capacity());
                ArrowBuf target = fixture.allocator.buffer(source.capacity())) {
            Raw.copy(mapped, target);
            return target.getLong(0);
        }
    }

    @Benchmark
    public int columns() throws IOException {
        try (Frame frame = Frames.open(fixture.allocator, npz)) {
            return frame.root().getRowCount();
        }
    }

    @Benchmark
    public int oneSelectedColumn() throws IOException {
        try (Frame frame =
                Frames.open(fixture.allocator, npz, ReadOptions.defaults().withColumns("column_7"))) {
            return frame.root().getRowCount();
        }
    }

    /** The block of an open archive as a tensor: independent of its size. */
    @Benchmark
    public int tensor() throws IOException {
        try (AllValidBitmaps ones = new AllValidBitmaps(fixture.allocator);
                FieldVector tensor = new VectorReader(fixture.allocator, ReadOptions.defaults(), ones, null)
                        .tensor(archive.array("__blocks_0__"), "block")) {
            return tensor.getValueCount();
        }
    }
}
