package org.arrownpz.benchmarks.ratios;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.ToLongFunction;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;

/**
 * Opening a StaticFrame NPZ with each float64 column stored as an array of its own, in a warm page cache, until the
 * {@code VectorSchemaRoot} is usable, and until every value is summed; closing is part of it for everybody.
 */
final class OpenRatios implements Ratios.Subject {
    private final String form;
    private final Fixture fixture = new Fixture();
    private final Path npz;
    private final Path feather;

    /** @param form columns and rows: 100 MB of data in large columns, and 8 MB in very many small ones */
    OpenRatios(String form) throws IOException {
        this.form = form;
        try (VectorSchemaRoot root = fixture.columns(form)) {
            npz = fixture.npz(root);
            feather = fixture.feather(root);
            long expected = Raw.sum(root);
            if (expected != open(Raw::sum) || expected != floorTouch() || expected != arrowFileReader(Raw::sum)) {
                throw new IllegalStateException("the readers see different values");
            }
        }
    }

    @Override
    public void compare() throws Exception {
        Ratios.turns("open " + form + " ready")
                .floor("floor", this::floorReady)
                .add("Frames.open", () -> open(VectorSchemaRoot::getRowCount))
                .add("ArrowFileReader", () -> arrowFileReader(VectorSchemaRoot::getRowCount))
                .run();
        Ratios.turns("open " + form + " touch")
                .floor("floor", this::floorTouch)
                .add("Frames.open", () -> open(Raw::sum))
                .add("ArrowFileReader", () -> arrowFileReader(Raw::sum))
                .run();
    }

    /** Mapped, and every array's place found. */
    private int floorReady() throws IOException {
        try (FloorReader reader = new FloorReader(npz)) {
            return reader.arrays();
        }
    }

    private long floorTouch() throws IOException {
        try (FloorReader reader = new FloorReader(npz)) {
            return reader.sum();
        }
    }

    private long open(ToLongFunction<VectorSchemaRoot> use) throws IOException {
        try (Frame frame = Frames.open(fixture.allocator, npz)) {
            return use.applyAsLong(frame.root());
        }
    }

    /** The peer, on the same data as Feather. It has always read all values when it is ready. */
    private long arrowFileReader(ToLongFunction<VectorSchemaRoot> use) throws IOException {
        try (FileChannel channel = FileChannel.open(feather, StandardOpenOption.READ);
                ArrowFileReader reader = new ArrowFileReader(channel, fixture.allocator)) {
            reader.loadNextBatch();
            return use.applyAsLong(reader.getVectorSchemaRoot());
        }
    }

    @Override
    public void close() throws IOException {
        fixture.close();
    }
}
