package org.arrownpz.benchmarks.ratios;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.arrownpz.ReadOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.vector.read.VectorReader;

/**
 * A two-dimensional float64 block as StaticFrame stores it, row-major: its columns cost one transposing copy, its view
 * as a tensor none, whatever its size. The floor of the copy is a {@code memcpy} of the block.
 */
final class BlockRatios implements Ratios.Subject {
    private final String form;
    private final Fixture fixture = new Fixture();
    private final Path npz;
    private final NpzFile archive;
    private final ArrowBuf source;
    private final ArrowBuf warm;

    /** @param form columns and rows: 8 MB, 80 MB long, 80 MB wide */
    BlockRatios(String form) throws IOException {
        this.form = form;
        try (VectorSchemaRoot root = fixture.columns(form)) {
            npz = fixture.rowMajor(root);
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

    @Override
    public void compare() throws Exception {
        Ratios.turns("C block " + form)
                .floor("memcpy", this::memcpy)
                .add("memcpy, warm target", this::warmMemcpy)
                .add("open, map, memcpy", this::openMapMemcpy)
                .add("all columns", () -> rows(ReadOptions.defaults()))
                .add("one column", () -> rows(ReadOptions.defaults().withColumns("column_7")))
                .add("tensor", this::tensor)
                .run();
    }

    @Override
    public void close() throws IOException {
        warm.close();
        source.close();
        archive.close();
        fixture.close();
    }

    /** The floor: the block's mapped bytes into memory of the same allocator, given back as ours is. */
    private long memcpy() {
        try (ArrowBuf target = fixture.allocator.buffer(source.capacity())) {
            Raw.copy(source, target);
            return target.getLong(0);
        }
    }

    /** The same into memory that is there and was written before: what no reader has, for its result is new. */
    private long warmMemcpy() {
        Raw.copy(source, warm);
        return warm.getLong(0);
    }

    /** The least that reading all columns needs: the archive opened, the block mapped anew and copied, all given back. */
    private long openMapMemcpy() throws IOException {
        try (NpzFile opened = NpzFile.open(fixture.allocator, npz);
                ArrowBuf mapped = opened.array("__blocks_0__").region(0, source.capacity());
                ArrowBuf target = fixture.allocator.buffer(source.capacity())) {
            Raw.copy(mapped, target);
            return target.getLong(0);
        }
    }

    private int rows(ReadOptions options) throws IOException {
        try (Frame frame = Frames.open(fixture.allocator, npz, options)) {
            return frame.root().getRowCount();
        }
    }

    /** The block of an open archive as a tensor: independent of its size. */
    private int tensor() throws IOException {
        try (VectorReader reader = new VectorReader(fixture.allocator, ReadOptions.defaults(), archive.location());
                FieldVector tensor = reader.tensor(archive.array("__blocks_0__"), "block")) {
            return tensor.getValueCount();
        }
    }
}
