package org.arrownpz.roundtrip;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SmallFloat;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.ArchiveForm;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.array.Safetensors;
import org.arrownpz.array.Vectors;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;

/** What docs/types.md says of arrays without a table, observed. */
final class ArrayCoverage {
    private static final WriteOptions FAST =
            WriteOptions.defaults().withOverwrite().withDurability(Durability.RENAME_ONLY);

    private final BufferAllocator allocator;
    private final Path directory;
    private final StringBuilder text;

    ArrayCoverage(BufferAllocator allocator, Path directory, StringBuilder text) {
        this.allocator = allocator;
        this.directory = directory;
        this.text = text;
    }

    void write() throws Exception {
        saved();
        kept();
        smallFloats();
        safetensors();
    }

    private void saved() throws Exception {
        text.append("\n## Arrays without a table\n\n")
                .append("As `Npz.save` writes what Java has, and `Npz.load` gives it back.\n\n")
                .append("| saved | array | read back |\n| --- | --- | --- |\n");
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("`double`", 1.5);
        for (Class<?> type : List.of(
                boolean.class, byte.class, short.class, char.class, int.class, long.class, float.class, double.class)) {
            values.put("`" + type + "[]`", Array.newInstance(type, 3));
        }
        values.put("`double[][]`", new double[][] {{1, 2, 3}, {4, 5, 6}});
        values.put("`int[][][]`", new int[2][3][4]);
        values.put("`String[]`", new String[] {"a", "\u20ac", "\ud83d\ude00"});
        values.put("`byte[][]` as bytes", new byte[][] {{1}, {2, 3}});
        values.put("`LocalDate[]`", new LocalDate[] {LocalDate.EPOCH, LocalDate.of(2020, 2, 29)});
        values.put("`Instant[]`", new Instant[] {Instant.EPOCH});
        for (Map.Entry<String, Object> value : values.entrySet()) {
            Path file = directory.resolve("saved.npz");
            Npz.save(file, Map.of("x", value.getValue()), FAST);
            try (NumpyArrays arrays = Npz.load(allocator, file)) {
                NumpyArray array = arrays.get("x");
                Class<?> type = value.getValue().getClass();
                boolean same = type == byte[][].class && array.shape().dimensions() == 2
                        || assertSame(array.to(type), value.getValue());
                row(value.getKey(), describe(array), same ? "`to(" + type.getSimpleName() + ".class)`" : "");
            }
        }
        try (ArrowBuf buffer = allocator.buffer(24)) {
            buffer.setZero(0, 24);
            ArrayContent content =
                    ArrayContent.of(buffer, ScalarDType.of(DTypeKind.FLOAT, 4), Shape.of(2, 3), StorageOrder.FORTRAN);
            Path file = directory.resolve("saved.npz");
            Npz.save(
                    file, Map.of("x", content, "y", ByteBuffer.allocateDirect(4).asIntBuffer()), FAST);
            try (NumpyArrays arrays = Npz.load(allocator, file);
                    FieldVector vector = arrays.vector("x")) {
                row("`ArrowBuf`, dtype, shape, order", describe(arrays.get("x")), "`buffer()`, a view; `region`");
                row("`IntBuffer`, direct", describe(arrays.get("y")), "`buffer()`; `doubleBuffer()` of `<f8`");
                Npz.save(file, Map.of("v", vector), FAST);
            }
            try (NumpyArrays arrays = Npz.load(allocator, file)) {
                row("`FixedSizeListVector` of that", describe(arrays.get("v")), "`vector(\"v\")`");
            }
        }
    }

    private static boolean assertSame(Object actual, Object expected) {
        assertThat(List.of(actual)).usingRecursiveComparison().isEqualTo(List.of(expected));
        return true;
    }

    private void row(String... cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String describe(NumpyArray array) {
        return "`" + array.dtype().toString().replace("|", "\\|") + "` " + array.shape()
                + (array.shape().dimensions() < 2
                        ? ""
                        : array.order() == StorageOrder.C ? ", C order" : ", Fortran order");
    }

    private void kept() throws Exception {
        text.append("\n## Arrays on their way\n\n")
                .append("Results for `<f4` arrays of shape (6, 2, 3) and (6, 4), the second in Fortran order.\n\n")
                .append("| done | (6, 2, 3), C order | (6, 4), Fortran order |\n| --- | --- | --- |\n");
        Path cube = directory.resolve("cube.npy");
        Path matrix = directory.resolve("matrix.npy");
        array(cube, Shape.of(6, 2, 3), StorageOrder.C);
        array(matrix, Shape.of(6, 4), StorageOrder.FORTRAN);
        Path npz = directory.resolve("kept.npz");
        Path npy = directory.resolve("kept.npy");
        operation("`.npy` to `.npz` and back, untouched or read (`convert`)", cube, matrix, (frame, file) -> {
            Frames.write(frame, npz, FAST);
            try (Frame again = Frames.open(allocator, npz)) {
                again.root();
                Frames.write(again, npy, FAST);
            }
        });
        operation("`--vectors`, `ReadOptions.withVectors`", cube, matrix, (frame, file) -> {
            try (Frame vectors =
                    Frames.open(allocator, file, ReadOptions.defaults().withVectors("v"))) {
                Frames.write(vectors, npy, FAST);
            }
        });
        operation("`frame.take(5, 0)` of vectors", cube, matrix, (frame, file) -> {
            try (Frame vectors =
                            Frames.open(allocator, file, ReadOptions.defaults().withVectors("v"));
                    Frame taken = vectors.take(5, 0)) {
                Frames.write(taken, npy, FAST);
            }
        });
        operation("`Frames.concat` with itself, `concat`", cube, matrix, (frame, file) -> {
            try (Frame vectors =
                            Frames.open(allocator, file, ReadOptions.defaults().withVectors("v"));
                    ArrowReader one = vectors.reader(4);
                    ArrowReader two = vectors.reader(5);
                    ArrowReader both = Frames.concat(allocator, Map.of("one", one, "two", two))) {
                Frames.write(both, npy, FAST);
            }
        });
        operation("`Frames.paste` beside ids, `paste`", cube, matrix, (frame, file) -> {
            Path ids = directory.resolve("ids.npy");
            Npy.save(ids, new long[6], FAST);
            try (Frame left = Frames.open(allocator, ids, ReadOptions.defaults().withVectors("id"));
                    Frame vectors =
                            Frames.open(allocator, file, ReadOptions.defaults().withVectors("v"));
                    ArrowReader one = left.reader(4);
                    ArrowReader two = vectors.reader(5);
                    ArrowReader both = Frames.paste(allocator, Map.of("ids", one, "vectors", two))) {
                Frames.write(both, npz, FAST.withForm(ArchiveForm.ARRAYS));
            }
            try (NumpyArrays arrays = Npz.load(allocator, npz)) {
                Npy.save(npy, arrays.get("v"), FAST);
            }
        });
        operation("`Npz.add` to an archive, `add`", cube, matrix, (frame, file) -> {
            Npz.save(npz, Map.of("ids", new long[6]), FAST);
            try (NumpyArray array = Npy.load(allocator, file)) {
                Npz.add(allocator, npz, Map.of("v", array));
            }
            try (NumpyArrays arrays = Npz.load(allocator, npz)) {
                Npy.save(npy, arrays.get("v"), FAST);
            }
        });
        row("`--form frame`, `ArchiveForm.FRAME`", table(cube), table(matrix));
        row("column of the table as a vector", type(cube), type(matrix));
    }

    /** Something done to a frame of a file, or to the file, which leaves an array. */
    private interface Operation {
        void run(Frame frame, Path file) throws Exception;
    }

    private void operation(String name, Path cube, Path matrix, Operation operation) throws Exception {
        String[] cells = {name, "", ""};
        for (int i = 0; i < 2; i++) {
            Path file = i == 0 ? cube : matrix;
            try (Frame frame = Frames.open(allocator, file)) {
                operation.run(frame, file);
            }
            try (NumpyArray array = Npy.load(allocator, directory.resolve("kept.npy"));
                    NumpyArray before = Npy.load(allocator, file)) {
                assertThat(array.dtype()).isEqualTo(before.dtype());
                if (array.shape().equals(before.shape())) {
                    assertThat(array.floats()).isEqualTo(before.floats());
                }
                cells[i + 1] = describe(array);
            }
        }
        row(cells);
    }

    private String table(Path file) throws NpzException {
        Path npz = directory.resolve("table.npz");
        try (Frame frame = Frames.open(allocator, file)) {
            Frames.write(frame, npz, FAST.withForm(ArchiveForm.FRAME));
        }
        try (Frame frame = Frames.open(allocator, npz)) {
            int columns = frame.columnNames().size();
            return "a frame of " + columns + (columns == 1 ? " column" : " columns");
        }
    }

    private String type(Path file) throws NpzException {
        try (Frame frame = Frames.open(allocator, file)) {
            Field field = frame.schema().getFields().get(0);
            return field.getType().toString().replaceAll("\\(.*", "");
        }
    }

    private void array(Path file, Shape shape, StorageOrder order) throws NpzException {
        long bytes = shape.elements() * Float.BYTES;
        try (ArrowBuf buffer = allocator.buffer(bytes)) {
            for (int i = 0; i < shape.elements(); i++) {
                buffer.setFloat((long) i * Float.BYTES, i);
            }
            Npy.save(file, ArrayContent.of(buffer, ScalarDType.of(DTypeKind.FLOAT, 4), shape, order), FAST);
        }
    }

    private void smallFloats() throws Exception {
        text.append("\n## Floats of machine learning\n\n")
                .append(
                        "As `ReadOptions.withSmallFloat` names them, over the bytes that `np.save` writes for `ml_dtypes`; frames,")
                .append(
                        " Feather and vectors keep the name, archives of arrays the bytes. Each is a view, is written back")
                .append(" exactly, and widened to float32 by `floats()` and `Vectors.floats`.\n\n")
                .append("| type | in NPY and NPZ | Arrow type | safetensors |\n")
                .append("| --- | --- | --- | --- |\n");
        Map<String, String> rows = new LinkedHashMap<>();
        for (SmallFloat type : SmallFloat.values()) {
            byte[] bits = {0x3F, 0x40, (byte) 0x81, 0x3E};
            Shape shape = Shape.of(bits.length / type.bytes());
            Path file = directory.resolve("small.npz");
            Npz.save(file, Map.of("w", ArrayContent.of(ByteBuffer.wrap(bits), ScalarDType.of(type), shape)), FAST);
            ReadOptions options = ReadOptions.defaults().withSmallFloat("w", type);
            try (NumpyArrays arrays = Npz.load(allocator, file, options);
                    FieldVector vector = arrays.vector("w");
                    FieldVector floats = Vectors.floats(allocator, vector)) {
                NumpyArray array = arrays.get("w");
                assertThat(floats.getObject(1)).isEqualTo(array.floats()[1]);
                assertThat(Vectors.smallFloat(vector.getField())).isEqualTo(type);
                Npz.save(directory.resolve("again.npz"), Map.of("w", vector), FAST);
                try (NumpyArrays again = Npz.load(allocator, directory.resolve("again.npz"))) {
                    assertThat(again.get("w").buffer()).isEqualTo(array.buffer());
                }
                String others = "`" + array.dtype().toString().replace("|", "\\|") + "` | `"
                        + vector.getField().getType() + "` as `arrow.opaque` | " + safetensors(Map.of("w", array));
                rows.merge(others, "`" + type.mlName() + "`", (before, name) -> before + ", " + name);
            }
        }
        rows.forEach((others, types) -> row(types, others));
    }

    private void safetensors() throws Exception {
        text.append("\n## NumPy to safetensors\n\n")
                .append(
                        "As `Safetensors.save` writes arrays, in C order and little-endian, and `Safetensors.load` views them: ");
        List<String> saved = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (DTypeKind kind : DTypeKind.values()) {
            long[] sizes = switch (kind) {
                case INT, UINT -> new long[] {1, 2, 4, 8};
                case FLOAT -> new long[] {2, 4, 8};
                case COMPLEX -> new long[] {8, 16};
                case BOOL -> new long[] {1};
                case BYTES, UNICODE, VOID -> new long[] {4};
                default -> new long[0];
            };
            for (long size : sizes) {
                ScalarDType dtype = ScalarDType.of(kind, size);
                ArrayContent content = ArrayContent.of(ByteBuffer.allocate((int) (2 * size)), dtype, Shape.of(2));
                String type = safetensors(Map.of("w", content));
                if (type.equals("refused")) {
                    refused.add("`" + dtype + "`");
                } else {
                    saved.add("`" + dtype + "` as " + type);
                }
            }
        }
        text.append(String.join(", ", saved))
                .append(". Refused: ")
                .append(String.join(", ", refused))
                .append(".\n");
    }

    /** The type that a tensor has in the file, as its header states it. */
    private String safetensors(Map<String, ?> arrays) throws Exception {
        Path file = directory.resolve("w.safetensors");
        try {
            Safetensors.save(file, arrays, Map.of(), FAST);
        } catch (IllegalArgumentException e) {
            return "refused";
        }
        try (NumpyArrays read = Safetensors.load(allocator, file)) {
            assertThat(read.size()).isEqualTo(1);
            String header =
                    new String(java.nio.file.Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
            return "`" + header.replaceAll("(?s).*\"dtype\":\"([A-Z0-9_]+)\".*", "$1") + "`";
        }
    }
}
