package org.arrownpz.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.parquet.Parquet;
import org.arrownpz.parquet.ParquetFile;
import org.arrownpz.parquet.ParquetOptions;
import org.arrownpz.testing.RandomVectors;

/**
 * The Parquet writer: options, types and values come from the input, and what is written must come back. The first four
 * bytes are options, then the number of columns and rows, then a byte for each type, then values.
 */
public final class ParquetWriterTarget {
    private static final List<ArrowType> FLAT = List.of(
            new ArrowType.Bool(),
            new ArrowType.Int(8, true),
            new ArrowType.Int(16, false),
            new ArrowType.Int(32, true),
            new ArrowType.Int(64, true),
            new ArrowType.Int(64, false),
            new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE),
            new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE),
            new ArrowType.Date(DateUnit.DAY),
            new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"),
            new ArrowType.FixedSizeBinary(3),
            new ArrowType.Utf8(),
            new ArrowType.Binary());
    private static final int COLUMNS = 5;
    private static final Path FILE = Scratch.directory().resolve("written.parquet");

    private ParquetWriterTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CurrentInput.record(data);
        if (data.length < 6) {
            return;
        }
        ByteBuffer in = ByteBuffer.wrap(data);
        ParquetOptions options = options(in);
        int columns = (in.get() & 0xff) % COLUMNS + 1;
        int rows = in.get() & 0xff;
        Oracle.holds(allocator -> {
            List<FieldVector> vectors = new ArrayList<>();
            for (int i = 0; i < columns; i++) {
                vectors.add(vector("c" + i, next(in), rows, in, allocator));
            }
            try (VectorSchemaRoot root = new VectorSchemaRoot(vectors)) {
                root.setRowCount(rows);
                boolean filters = vectors.get(0) instanceof BaseVariableWidthVector && (data[0] & 16) != 0;
                Parquet.write(root, FILE, filters ? options.withBloomFilters("c0") : options);
                try (ParquetFile file = Parquet.read(allocator, FILE)) {
                    same(file.frame().root(), root);
                }
            }
        });
    }

    private static ParquetOptions options(ByteBuffer in) {
        int bits = in.get();
        int codec = (in.get() & 0xff) % ParquetOptions.Compression.values().length;
        ParquetOptions options = ParquetOptions.defaults()
                .withDurability(Durability.RENAME_ONLY)
                .withCompression(ParquetOptions.Compression.values()[codec])
                .withDictionary((bits & 1) != 0)
                .withStatistics((bits & 2) != 0)
                .withPageIndex((bits & 4) != 0)
                .withChecksums((bits & 8) != 0)
                .withRowGroupRows(1 + (in.get() & 0xff));
        int bytes = in.get() & 0xff;
        return bytes == 0 ? options : options.withRowGroupBytes(bytes * 16L);
    }

    private static int next(ByteBuffer in) {
        return in.hasRemaining() ? in.get() & 0xff : 0;
    }

    private static FieldVector vector(String name, int kind, int rows, ByteBuffer in, BufferAllocator allocator) {
        ArrowType type = FLAT.get(kind % FLAT.size());
        Field field = switch (kind / FLAT.size() % 4) {
            case 0, 1 -> RandomVectors.field(name, type);
            case 2 -> RandomVectors.field(name, new ArrowType.List(), RandomVectors.field("element", type));
            default ->
                RandomVectors.field(
                        name,
                        new ArrowType.Struct(),
                        RandomVectors.field("a", type),
                        RandomVectors.field("b", FLAT.get(11)));
        };
        FieldVector vector = field.createVector(allocator);
        fill(vector, rows, in);
        return vector;
    }

    private static void fill(FieldVector vector, int rows, ByteBuffer in) {
        vector.setInitialCapacity(Math.max(1, rows));
        vector.allocateNew();
        if (vector instanceof ListVector list) {
            int elements = 0;
            for (int row = 0; row < rows; row++) {
                int length = next(in) % 5;
                list.getOffsetBuffer().setInt(row * 4L, elements);
                elements += length;
                list.getOffsetBuffer().setInt((row + 1) * 4L, elements);
                if (length == 0 && next(in) % 2 == 0) {
                    list.setNull(row);
                } else {
                    list.setNotNull(row);
                }
            }
            fill(list.getDataVector(), elements, in);
            list.setLastSet(rows - 1);
        } else if (vector instanceof StructVector struct) {
            for (FieldVector child : struct.getChildrenFromFields()) {
                fill(child, rows, in);
            }
            for (int row = 0; row < rows; row++) {
                if (next(in) % 8 == 0) {
                    struct.setNull(row);
                } else {
                    struct.setIndexDefined(row);
                }
            }
        } else {
            for (int row = 0; row < rows; row++) {
                value(vector, row, in);
            }
        }
        vector.setValueCount(rows);
    }

    private static void value(FieldVector vector, int row, ByteBuffer in) {
        int first = next(in);
        if (first % 8 == 7) {
            vector.setNull(row);
        } else if (vector instanceof BaseVariableWidthVector texts) {
            byte[] text = new byte[first % 24];
            for (int i = 0; i < text.length; i++) {
                text[i] = (byte) (next(in) & 0x7f);
            }
            texts.setSafe(row, text);
        } else if (vector instanceof BaseFixedWidthVector fixed) {
            BitVectorHelper.setBit(fixed.getValidityBuffer(), row);
            int width = fixed.getTypeWidth();
            if (width == 0) {
                BitVectorHelper.setValidityBit(fixed.getDataBuffer(), row, first & 1);
            }
            for (int i = 0; i < width; i++) {
                // Values are alike where the input ends, which dictionaries and runs are for.
                fixed.getDataBuffer().setByte((long) row * width + i, next(in));
            }
        }
    }

    private static void same(VectorSchemaRoot read, VectorSchemaRoot written) {
        for (int i = 0; i < written.getFieldVectors().size(); i++) {
            Object found = RandomVectors.values(read.getVector(i));
            Object expected = RandomVectors.values(written.getVector(i));
            if (!found.equals(expected)) {
                throw new AssertionError(written.getVector(i).getField() + ": " + found + " for " + expected);
            }
        }
    }

    /** Inputs whose options, types and values are spread. */
    static Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        for (int kind = 0; kind < 4 * FLAT.size(); kind++) {
            byte[] values = ("%c%cmixed values, %d of them: αβγ %s")
                    .formatted(kind, kind * 7 % 256, kind, "ab".repeat(kind))
                    .getBytes(StandardCharsets.UTF_8);
            byte[] seed = ByteBuffer.allocate(6 + values.length)
                    .put((byte) (kind * 37))
                    .put((byte) kind)
                    .put((byte) (kind * 11))
                    .put((byte) (kind % 3 == 0 ? 0 : kind))
                    .put((byte) (kind % 2))
                    .put((byte) (kind * 5))
                    .put(values)
                    .array();
            seeds.put("kind" + kind, seed);
        }
        return seeds;
    }

    /** Writes seeds and regressions: the target's class, and the folder. */
    public static void main(String[] arguments) throws IOException {
        SeedFiles.write(Path.of(arguments[1]), seeds());
        SeedFiles.write(Path.of(arguments[1]), SeedFiles.regressions(ParquetWriterTarget.class.getSimpleName()));
    }
}
