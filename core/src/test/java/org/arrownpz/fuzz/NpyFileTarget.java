package org.arrownpz.fuzz;

import java.lang.reflect.Array;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.read.VectorReader;

/**
 * One NPY file, as a vector, as a frame and as columns. After {@link Settings}, a byte tells whether the rest is a file,
 * or header text and data.
 */
public final class NpyFileTarget {
    private static final Location PLACE = Location.ofFile("fuzz.npy");

    private static final List<Class<?>> ELEMENTS = List.of(
            double.class,
            long.class,
            short.class,
            boolean.class,
            String.class,
            byte[].class,
            LocalDate.class,
            Instant.class);

    private NpyFileTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CurrentInput.record(data);
        if (data.length <= Settings.LENGTH) {
            return;
        }
        Settings settings = Settings.of(data);
        int kind = data[Settings.LENGTH];
        byte[] rest = Arrays.copyOfRange(data, Settings.LENGTH + 1, data.length);
        int version = kind & 3;
        byte[] file = version == 0 ? rest : NpyParts.file(version, rest, (kind & 4) != 0);
        if (settings.isSpecial()) {
            vector(file, settings);
        } else {
            Opening.frame(file, 0, settings);
        }
    }

    private static void vector(byte[] file, Settings settings) {
        ReadOptions options = settings.options();
        Oracle.holds(allocator -> {
            try (ArrowBuf buffer = allocator.buffer(Math.max(1, file.length))) {
                buffer.setBytes(0, file);
                try (ByteSource source = ByteSources.of(buffer, 0, file.length)) {
                    NumpyArray array = new NpyHeaderReader(options.limits()).open(source, PLACE, false);
                    try (AllValidBitmaps ones = new AllValidBitmaps(allocator);
                            FieldVector vector = new VectorReader(allocator, options, ones, null).read(array, "x")) {
                        Oracle.touch(vector, true);
                    }
                    values(array);
                }
            }
        });
    }

    /** Whatever the array is, values of each Java type are given or refused. */
    private static void values(NumpyArray array) {
        int dimensions = Math.max(1, array.shape().dimensions());
        for (Class<?> element : ELEMENTS) {
            try {
                array.to(Array.newInstance(element, new int[dimensions]).getClass());
            } catch (NpzException e) {
                // A refusal is an answer.
            }
        }
        if (array.dtype() instanceof StructDType records) {
            for (StructDType.Field field : records.fields()) {
                try {
                    values(array.field(field.name()));
                } catch (NpzException e) {
                    // Likewise.
                }
            }
        }
    }
}
