package org.arrownpz.benchmarks.ratios;

import java.io.IOException;
import java.util.SplittableRandom;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.array.Npy;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.vector.read.VectorReader;

/** An array of one dtype becomes a vector, and that vector a file again, beside a copy of its bytes and a file of them. */
final class ConversionRatios implements Ratios.Subject {
    private static final int BYTES = 16 << 20;

    private final String descr;
    private final Fixture fixture = new Fixture();
    private final ArrowBuf values = fixture.allocator.buffer(BYTES);
    private final ArrayContent plain;
    private final NumpyArray array;
    private final VectorReader reader;
    private final FieldVector vector;

    ConversionRatios(String descr) throws IOException {
        this.descr = descr;
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < BYTES; i += Integer.BYTES) {
            // Valid as letters of UTF-32, as bools, and as parts of numbers and times.
            values.setInt(i, descr.equals("|b1") ? random.nextInt() & 0x01010101 : 'a' + random.nextInt(26));
        }
        Location location = Location.ofFile(descr);
        DType dtype = DescrParser.parse("'" + descr + "'", ReadLimits.defaults(), location);
        plain = ArrayContent.of(values, dtype, Shape.of(BYTES / dtype.itemSize()), StorageOrder.C);
        Npy.save(fixture.directory.resolve("source.npy"), plain, Fixture.RENAME_ONLY);
        array = Npy.load(fixture.allocator, fixture.directory.resolve("source.npy"));
        reader = new VectorReader(fixture.allocator, ReadOptions.defaults(), location);
        vector = reader.read(array, "values");
        if (vector.getValueCount() != array.shape().elements()) {
            throw new IllegalStateException("rows are missing");
        }
    }

    @Override
    public void compare() throws Exception {
        Ratios.turns("16 MiB of " + descr)
                .floor("memcpy", this::copy)
                .add("to a vector", this::read)
                .run();
        Ratios.turns("16 MiB to " + descr)
                .floor("write of the bytes", () -> write(plain))
                .add("write of the vector", () -> write(vector))
                .run();
    }

    private long copy() {
        try (ArrowBuf target = fixture.allocator.buffer(BYTES)) {
            Raw.copy(values, target);
            return target.getLong(0);
        }
    }

    private int read() throws IOException {
        try (FieldVector read = reader.read(array, "values")) {
            return read.getValueCount();
        }
    }

    private long write(Object content) throws IOException {
        Npy.save(fixture.directory.resolve("target.npy"), content, Fixture.RENAME_ONLY);
        return BYTES;
    }

    @Override
    public void close() throws IOException {
        vector.close();
        reader.close();
        array.close();
        values.close();
        fixture.close();
    }
}
