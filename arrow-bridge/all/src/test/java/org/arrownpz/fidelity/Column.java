package org.arrownpz.fidelity;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ReadOptions;
import org.arrownpz.SmallFloat;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.TypeZoo;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.RandomVectors;

/** A type of column, and how to make an NPZ file with one such column. */
record Column(String name, Maker maker) {
    static final int ROWS = 12;
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);
    private static final String[] DTYPES = {
        "|b1",
        "|i1",
        "<i2",
        ">i4",
        "<i8",
        "|u1",
        "<u2",
        "<u4",
        ">u8",
        "<f2",
        "<f4",
        ">f8",
        "<f16",
        "<c8",
        "<c16",
        "<M8[Y]",
        "<M8[M]",
        "<M8[W]",
        "<M8[D]",
        "<M8[h]",
        "<M8[m]",
        "<M8[s]",
        "<M8[ms]",
        ">M8[us]",
        "<M8[ns]",
        "<M8[ps]",
        "<M8[as]",
        "<M8",
        "<M8[10s]",
        "<m8[Y]",
        "<m8[M]",
        "<m8[W]",
        "<m8[D]",
        "<m8[s]",
        "<m8[ms]",
        "<m8[us]",
        "<m8[ns]",
        "<m8[fs]",
        "<m8",
        "<m8[25us]",
        "|S5",
        "<U5",
        "|V3"
    };

    private static final List<String> MORE = List.of(
            "fixed binary",
            "list of bools",
            "list of lists",
            "sparse union",
            "dense union",
            "run ends 16",
            "run ends 64");

    /** Writes the file. */
    interface Maker {
        void write(BufferAllocator allocator, Path file) throws Exception;
    }

    static List<Column> all() {
        List<Column> columns = new ArrayList<>();
        for (String dtype : DTYPES) {
            columns.add(new Column(
                    "`" + dtype.replace("|", "\\|") + "`", (allocator, file) -> array(allocator, file, dtype, "")));
        }
        columns.add(new Column("`[('a', '<i2'), ('b', '>f8')]`", Column::records));
        columns.add(new Column("`<f4`, rows of 2 × 3", (allocator, file) -> array(allocator, file, "<f4", "2, 3")));
        for (Field field : TypeZoo.fields()) {
            columns.add(new Column(
                    "`" + Columns.text(field) + "`",
                    (allocator, file) -> vector(allocator, file, TypeZoo.vector(field, ROWS, allocator))));
        }
        for (Field field : AllTypes.all()) {
            if (MORE.contains(field.getName())) {
                columns.add(new Column(
                        "`" + Columns.text(field) + "`",
                        (allocator, file) ->
                                vector(allocator, file, new RandomVectors(allocator, 5, true).vector(field, ROWS))));
            }
        }
        columns.add(new Column("`Utf8`, dictionary-encoded", Column::dictionary));
        return columns;
    }

    /** Arrow's canonical extension types. */
    static List<Column> extensions() {
        return AllTypes.extensions().stream().map(Column::extension).toList();
    }

    /** A type of {@code ml_dtypes}, as a file of NumPy with the name given beside it. */
    static Column of(SmallFloat type) {
        String dtype = "|V" + type.bytes();
        ReadOptions named = ReadOptions.defaults().withSmallFloat("arr_0", type);
        return new Column(
                "types of `ml_dtypes` | `FixedSizeBinary`",
                (allocator, file) -> array(allocator, file, dtype, "", named));
    }

    private static Column extension(Field field) {
        Field storage = new Field("column", FieldType.nullable(field.getType()), field.getChildren());
        return new Column(
                "`" + field.getMetadata().get("ARROW:extension:name") + "` | `" + Columns.text(storage) + "`",
                (allocator, file) ->
                        vector(allocator, file, new RandomVectors(allocator, 5, false).vector(field, ROWS)));
    }

    private static void dictionary(BufferAllocator allocator, Path file) throws Exception {
        DictionaryEncoding encoding = new DictionaryEncoding(3, false, new ArrowType.Int(32, true));
        VarCharVector words = new VarCharVector("words", allocator);
        IntVector indices =
                new IntVector("column", new FieldType(true, new ArrowType.Int(32, true), encoding), allocator);
        for (int i = 0; i < 3; i++) {
            words.setSafe(i, ("word" + i).getBytes(StandardCharsets.US_ASCII));
        }
        words.setValueCount(3);
        for (int i = 0; i < ROWS; i += 2) {
            indices.setSafe(i, i % 3);
        }
        indices.setValueCount(ROWS);
        try (words;
                VectorSchemaRoot root = new VectorSchemaRoot(List.of(indices));
                Frame frame =
                        Frame.of(root, new DictionaryProvider.MapDictionaryProvider(new Dictionary(words, encoding)))) {
            Frames.write(frame, file, FAST);
        }
    }

    private static void records(BufferAllocator allocator, Path file) throws Exception {
        Path npy = file.resolveSibling("records.npy");
        byte[] data = new byte[10 * ROWS];
        for (int i = 0; i < ROWS; i++) {
            data[10 * i] = (byte) i;
            data[10 * i + 2] = 0x40;
        }
        Files.write(npy, npy("[('a', '<i2'), ('b', '>f8')]", "", data));
        try (Frame frame = Frames.open(allocator, npy)) {
            Frames.write(frame, file, FAST);
        }
    }

    private static void vector(BufferAllocator allocator, Path file, FieldVector vector) throws Exception {
        try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(vector));
                Frame frame = Frame.of(root)) {
            Frames.write(frame, file, FAST);
        }
    }

    // As NumPy writes it, with small values in the byte that counts least.
    private static void array(BufferAllocator allocator, Path file, String dtype, String rest) throws Exception {
        array(allocator, file, dtype, rest, ReadOptions.defaults());
    }

    private static void array(BufferAllocator allocator, Path file, String dtype, String rest, ReadOptions options)
            throws Exception {
        Path npy = file.resolveSibling("array.npy");
        int width = width(dtype) * (rest.isEmpty() ? 1 : 6);
        byte[] data = new byte[ROWS * width];
        for (int i = 0; i < data.length / width(dtype); i++) {
            int at = i * width(dtype) + (dtype.startsWith(">") ? width(dtype) - 1 : 0);
            data[at] = (byte) (dtype.equals("|b1") ? i % 2 : 'a' + i);
        }
        if (dtype.contains("8[")) {
            Arrays.fill(data, 8, 16, (byte) 0);
            data[dtype.startsWith(">") ? 8 : 15] = (byte) 0x80;
        }
        Files.write(npy, npy(dtype, rest, data));
        try (Frame frame = Frames.open(allocator, npy, options)) {
            Frames.write(frame, file, FAST);
        }
    }

    private static int width(String dtype) {
        if (dtype.contains("M8") || dtype.contains("m8")) {
            return 8;
        }
        int count = Integer.parseInt(dtype.substring(2));
        return dtype.charAt(1) == 'U' ? 4 * count : count;
    }

    private static byte[] npy(String dtype, String rest, byte[] data) throws IOException {
        String descr = dtype.startsWith("[") ? dtype : "'" + dtype + "'";
        String text = "{'descr': " + descr + ", 'fortran_order': False, 'shape': (" + ROWS + "," + rest + "), }";
        int length = (10 + text.length() + 1 + 63) / 64 * 64 - 10;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) length, (byte) (length >>> 8)});
        bytes.writeBytes((text + " ".repeat(length - text.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(data);
        return bytes.toByteArray();
    }
}
