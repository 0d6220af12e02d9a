package org.arrownpz.roundtrip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.array.Npz;
import org.arrownpz.array.SparseMatrix;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.GeneratedSection;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.WriteReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first part of {@code docs/types.md} says what the library does. It is written from what is observed here:
 * {@code mvn -pl core test -Dtest=FormatCoverageTest -Darrownpz.regenerate=true}.
 */
@ExtendWith(LeakCheck.class)
class FormatCoverageTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "types.md");
    private static final String[] DTYPES = {
        "|b1",
        "|i1",
        "<i2",
        "<i4",
        "<i8",
        "|u1",
        "<u2",
        "<u4",
        "<u8",
        "<f2",
        "<f4",
        "<f8",
        "<f16",
        "<c8",
        "<c16",
        "<c32",
        "<M8[Y]",
        "<M8[M]",
        "<M8[W]",
        "<M8[D]",
        "<M8[h]",
        "<M8[m]",
        "<M8[s]",
        "<M8[ms]",
        "<M8[us]",
        "<M8[ns]",
        "<M8[ps]",
        "<M8[fs]",
        "<M8[as]",
        "<M8",
        "<M8[10s]",
        "<m8[Y]",
        "<m8[M]",
        "<m8[W]",
        "<m8[D]",
        "<m8[h]",
        "<m8[m]",
        "<m8[s]",
        "<m8[ms]",
        "<m8[us]",
        "<m8[ns]",
        "<m8[ps]",
        "<m8[fs]",
        "<m8[as]",
        "<m8",
        "<m8[25us]",
        "|S5",
        "|S0",
        "<U5",
        "<U0",
        "|V3"
    };
    private static final String[] RECORDS = {
        "[('a', '<i4'), ('b', '<f8')]",
        "[('a', '<i2'), ('', '|V2'), ('b', '>f4', (2, 3))]",
        "[('a', [('x', '<M8[D]'), ('y', '<U3')]), (('a title', 'c'), '|b1')]"
    };

    @TempDir
    Path directory;

    @Test
    void documentSaysWhatTheLibraryDoes(BufferAllocator allocator) throws Exception {
        StringBuilder text = new StringBuilder("\n");
        arrays(text, allocator);
        vectors(text, allocator);
        sparse(text, allocator);
        new ArrayCoverage(allocator, directory, text).write();
        text.append("\n");
        GeneratedSection.check(DOCUMENT, FormatCoverageTest.class, text.toString());
    }

    /** The vectors that an array becomes, and how. */
    private record Vectors(String types, List<String> ways) {
        private static Vectors of(Frame frame) throws NpzException {
            List<String> types = frame.schema().getFields().stream()
                    .map(FormatCoverageTest::type)
                    .distinct()
                    .toList();
            List<String> ways = new ArrayList<>();
            for (CopyReport.Column column : frame.copyReport().columns()) {
                if (column.isViewed() && column.copiedBytes() == 0) {
                    continue;
                }
                for (String reason : String.valueOf(column.reason()).split("; ")) {
                    if (!ways.contains(reason)) {
                        ways.add(reason);
                    }
                }
            }
            return new Vectors(String.join(", ", types), ways);
        }

        private String how() {
            return ways.isEmpty() ? "view" : "copy: " + String.join("; ", ways);
        }

        private String cell() {
            return types + (ways.isEmpty() ? "" : ", a copy");
        }
    }

    private void arrays(StringBuilder text, BufferAllocator allocator) throws Exception {
        text.append("## NumPy to Arrow\n\n")
                .append("| dtype | Arrow type | view or copy | in big-endian | `STORAGE` | `STORAGE`, big-endian |\n")
                .append("| --- | --- | --- | --- | --- | --- |\n");
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (String dtype : DTYPES) {
            List<Vectors> little = read(allocator, dtype, Shape.of(9), StorageOrder.C);
            String cells = little.get(0).types + " | " + little.get(0).how();
            if (dtype.startsWith("<")) {
                List<Vectors> big = read(allocator, ">" + dtype.substring(1), Shape.of(9), StorageOrder.C);
                assertThat(big.get(0).types).isEqualTo(little.get(0).types);
                String how = big.get(0).how();
                cells += " | " + (how.equals(little.get(0).how()) ? "the same" : how) + " | "
                        + little.get(1).cell() + " | " + big.get(1).cell();
            } else {
                cells += " | | " + little.get(1).cell() + " |";
            }
            rows.computeIfAbsent(cells, key -> new ArrayList<>()).add(code(dtype));
        }
        rows.forEach((cells, dtypes) -> text.append("| ")
                .append(String.join(", ", dtypes))
                .append(" | ")
                .append(cells)
                .append(" |\n"));
        for (String record : RECORDS) {
            List<Vectors> read = read(allocator, record, Shape.of(9), StorageOrder.C);
            text.append("| ").append(code(record)).append(" | ").append(read.get(0).types);
            text.append(" | ").append(read.get(0).how()).append(" | | ").append(read.get(1).types);
            text.append(" | |\n");
        }
        text.append(
                "\nRefused and never unpickled: `|O` (Python objects), which is also what `np.save` makes of StringDType (`T`): "
                        + "save `array.astype(\"U\")`.\n\n");
        shapes(text, allocator);
    }

    private void shapes(StringBuilder text, BufferAllocator allocator) throws Exception {
        text.append("| array of `<f8` | Arrow columns | type | view or copy |\n| --- | --- | --- | --- |\n");
        for (int dimensions = 0; dimensions < 4; dimensions++) {
            for (StorageOrder order : StorageOrder.values()) {
                if (dimensions < 2 && order == StorageOrder.FORTRAN) {
                    continue;
                }
                Shape shape = List.of(Shape.of(), Shape.of(9), Shape.of(9, 4), Shape.of(9, 4, 2))
                        .get(dimensions);
                Vectors read = read(allocator, "<f8", shape, order).get(0);
                text.append("| ")
                        .append(shape)
                        .append(dimensions < 2 ? "" : order == StorageOrder.C ? ", C order" : ", Fortran order")
                        .append(List.of(" | one, of one row", " | one", " | 4", " | one")
                                .get(dimensions))
                        .append(" | ")
                        .append(read.types)
                        .append(" | ")
                        .append(read.how())
                        .append(" |\n");
                for (String dtype : List.of(">i4", "|b1", "<U5")) {
                    sameShapeOf(dtype, allocator, shape, order, read);
                }
            }
        }
        assertThat(read(allocator, "<f8", Shape.of(9, 0), StorageOrder.C).get(0).types)
                .isEmpty();
        text.append("| (9, 0) | none, 9 rows | | |\n\n")
                .append(
                        "Other dtypes do the same with the type that they have above, and their reasons to copy come on top.")
                .append(" Field metadata `numpy.ndim` tells an array without dimensions from a 1-d array of one.")
                .append(" Records without dimensions are one Struct.\n\n");
        assertThat(read(allocator, RECORDS[0], Shape.of(), StorageOrder.C).get(0).types)
                .startsWith("`Struct<");
    }

    private void sameShapeOf(
            String dtype, BufferAllocator allocator, Shape shape, StorageOrder order, Vectors ofDoubles)
            throws Exception {
        Vectors flat = read(allocator, dtype, Shape.of(9), StorageOrder.C).get(0);
        Vectors shaped = read(allocator, dtype, shape, order).get(0);
        List<String> ways = new ArrayList<>(ofDoubles.ways);
        ways.addAll(flat.ways);
        assertThat(shaped.ways).as(dtype + shape).containsExactlyElementsOf(ways);
        String element = flat.types.replace("`", "");
        assertThat(shaped.types.replace(" as arrow.fixed_shape_tensor", ""))
                .isEqualTo(ofDoubles.types.replace("Float64", element).replace(" as arrow.fixed_shape_tensor", ""));
    }

    /** As the two mappings have it, and both written back bit for bit. */
    private List<Vectors> read(BufferAllocator allocator, String descr, Shape shape, StorageOrder order)
            throws Exception {
        String literal = descr.startsWith("[") ? descr : "'" + descr + "'";
        DType dtype = DescrParser.parse(literal, ReadLimits.defaults(), Location.ofFile(null));
        RandomArrays.Array array = new RandomArrays(new Random(1)).array(dtype, shape, order);
        byte[] file = array.npy(1);
        ByteBuffer direct = ByteBuffer.allocateDirect(file.length).put(file).flip();
        List<Vectors> vectors = new ArrayList<>();
        for (TypeMapping mapping : TypeMapping.values()) {
            Path copy = directory.resolve("copy.npy");
            try (Frame frame =
                    Frames.open(allocator, direct, ReadOptions.defaults().withTypeMapping(mapping))) {
                frame.root();
                vectors.add(Vectors.of(frame));
                Frames.write(frame, copy, WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
            }
            byte[] written = Files.readAllBytes(copy);
            byte[] expected = new RandomArrays.Array(dtype, shape, order, array.elements()).stored();
            assertThat(written).as(descr).endsWith(expected);
            assertThat(new String(written, StandardCharsets.ISO_8859_1)).contains("'descr': " + dtype.descr());
        }
        return vectors;
    }

    private static String code(String text) {
        return "`" + text.replace("|", "\\|") + "`";
    }

    private static String type(Field field) {
        return code(GeneratedSection.typeName(field));
    }

    private void vectors(StringBuilder text, BufferAllocator allocator) throws Exception {
        text.append("## Arrow to NPZ\n\n")
                .append("| Arrow type | array that NumPy and StaticFrame read as the column | nulls |\n")
                .append("| --- | --- | --- |\n");
        Map<String, List<String>> blocks = new LinkedHashMap<>();
        List<String> buffers = new ArrayList<>();
        for (Field field : RandomFields.all()) {
            String type = type(field);
            if (field.getType() instanceof ArrowType.Timestamp time && time.getTimezone() != null) {
                type = "`Timestamp(" + time.getUnit() + ", `*zone*`)`";
            }
            WriteReport.Column without = written(allocator, field, false);
            WriteReport.Column with = written(allocator, field, true);
            assertThat(with.stored()).isEqualTo(without.stored());
            List<String> types = buffers;
            if (with.stored() != WriteReport.Stored.BUFFERS) {
                String dtype = code(String.valueOf(with.dtype())).replaceAll("([US])\\d+`", "$1`*longest*");
                String row = dtype + " | "
                        + (String.valueOf(with.fill()).equals("NaT") ? "NaT" : with.fill() + " and a bitmap");
                types = blocks.computeIfAbsent(row, key -> new ArrayList<>());
            }
            if (!types.contains(type)) {
                types.add(type);
            }
        }
        blocks.forEach((row, types) -> text.append("| ")
                .append(String.join(", ", types))
                .append(" | ")
                .append(row)
                .append(" |\n"));
        text.append("\nNumPy has no type for the others; they are kept as Arrow buffers, each an array of its own: ")
                .append(String.join(", ", buffers))
                .append(", and dictionary-encoded columns of any type (their values with")
                .append(" `WriteOptions.withDictionaries(DECODE)`).\n");
    }

    private WriteReport.Column written(BufferAllocator allocator, Field field, boolean nulls) throws Exception {
        FieldVector vector = new RandomVectors(allocator, 5, nulls).vector(field, 40);
        try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(List.of(field)), List.of(vector), 40)) {
            Path file = directory.resolve("column.npz");
            WriteReport report =
                    Frames.write(root, file, WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
            try (Frame frame = Frames.open(allocator, file)) {
                Field read = frame.root().getVector(0).getField();
                assertThat(read.getType()).isEqualTo(field.getType());
                assertThat(RandomVectors.values(frame.root().getVector(0)))
                        .as(field.toString())
                        .isEqualTo(RandomVectors.values(vector));
            }
            return report.columns().get(0);
        }
    }

    private void sparse(StringBuilder text, BufferAllocator allocator) throws Exception {
        text.append("\n## Sparse matrices of SciPy\n\n")
                .append(
                        "As `SparseMatrix` reads files of `scipy.sparse.save_npz(…, compressed=False)`, and writes them.\n\n")
                .append(
                        "| format | `indptr` | `indices` | `data` | | written back |\n| --- | --- | --- | --- | --- | --- |\n");
        Path file = directory.resolve("sparse.npz");
        Path back = directory.resolve("back.npz");
        for (SparseMatrix.Format format : SparseMatrix.Format.values()) {
            for (Object indptr : new Object[] {new int[] {0, 2, 2}, new long[] {0, 2, 2}}) {
                Map<String, Object> arrays = new LinkedHashMap<>();
                arrays.put("indices", new int[] {0, 1});
                arrays.put("indptr", indptr);
                arrays.put("format", format.scipyName());
                arrays.put("shape", new long[] {2, 2});
                arrays.put("data", new double[] {1, 2});
                Npz.save(file, arrays, WriteOptions.defaults().withOverwrite());
                boolean lists = format == SparseMatrix.Format.CSR || format == SparseMatrix.Format.CSC;
                try (SparseMatrix matrix = SparseMatrix.load(allocator, file)) {
                    if (!lists) {
                        assertThat(matrix.arrays().names()).contains("indices", "indptr", "data");
                        break;
                    }
                    try (VectorSchemaRoot root = matrix.lists();
                            FieldVector offsets = matrix.arrays().vector("indptr")) {
                        assertThat(root.getVector("data").getOffsetBuffer().memoryAddress())
                                .isEqualTo(offsets.getDataBuffer().memoryAddress());
                        SparseMatrix.save(back, root, WriteOptions.defaults().withOverwrite());
                        try (SparseMatrix again = SparseMatrix.load(allocator, back);
                                VectorSchemaRoot same = again.lists()) {
                            assertThat(same.equals(root)).isTrue();
                        }
                        text.append("| ")
                                .append(format.scipyName())
                                .append(" | `")
                                .append(matrix.arrays().get("indptr").dtype())
                                .append("`: the offsets | ")
                                .append(type(root.getSchema().getFields().get(0)))
                                .append(" | ")
                                .append(type(root.getSchema().getFields().get(1)))
                                .append(" | view | exact |\n");
                    }
                }
            }
        }
        text.append(
                        "\nDeflated members, as SciPy writes them by default, are inflated, and big-endian places are swapped; all other")
                .append(
                        " dtypes of `data` are treated as above. coo, bsr and dia are read as `SparseMatrix.arrays()`.\n");
    }
}
