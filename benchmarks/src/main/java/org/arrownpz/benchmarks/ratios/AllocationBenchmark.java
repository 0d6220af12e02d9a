package org.arrownpz.benchmarks.ratios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMilliVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Heap per call, of a frame with a column of each kind of conversion: viewed integers, packed bools, scanned times,
 * decoded text. Run with {@code -prof gc}: {@code gc.alloc.rate.norm} must be flat in rows.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 2, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-opens=java.base/java.nio=ALL-UNNAMED", "-Xmx1g"})
public class AllocationBenchmark {
    @Param({"1000", "100000"})
    public int rows = 1000;

    private Fixture fixture;
    private VectorSchemaRoot root;
    private Path npz;
    private Path target;

    @Setup(Level.Trial)
    public void prepare() throws IOException {
        fixture = new Fixture();
        BigIntVector integers = new BigIntVector("integers", fixture.allocator);
        BitVector bools = new BitVector("bools", fixture.allocator);
        TimeStampMilliVector times = new TimeStampMilliVector("times", fixture.allocator);
        VarCharVector texts = new VarCharVector("texts", fixture.allocator);
        for (int row = 0; row < rows; row++) {
            integers.setSafe(row, row);
            bools.setSafe(row, row % 3 == 0 ? 1 : 0);
            times.setSafe(row, row * 1000L);
            texts.setSafe(row, ("text " + row % 1000).getBytes(StandardCharsets.US_ASCII));
        }
        List<FieldVector> vectors = List.of(integers, bools, times, texts);
        vectors.forEach(vector -> vector.setValueCount(rows));
        root = new VectorSchemaRoot(vectors);
        npz = fixture.directory.resolve("source.npz");
        target = fixture.directory.resolve("target.npz");
        Frames.write(root, npz, Fixture.RENAME_ONLY);
    }

    @TearDown(Level.Trial)
    public void tidyUp() throws IOException {
        root.close();
        fixture.close();
    }

    @Benchmark
    public int open() throws IOException {
        try (Frame frame = Frames.open(fixture.allocator, npz)) {
            return frame.root().getRowCount();
        }
    }

    @Benchmark
    public int write() throws IOException {
        return Frames.write(root, target, Fixture.RENAME_ONLY).columns().size();
    }
}
