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
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.Durability;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.TypeMapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npz;
import org.arrownpz.array.SparseMatrix;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.WriteReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code FORMAT_COVERAGE.md} says what the library does. It is written from what is observed here:
 * {@code mvn -pl core test -Dtest=FormatCoverageTest -Darrownpz.regenerate=true}.
 */
@ExtendWith(LeakCheck.class)
class FormatCoverageTest {
    private static final Path DOCUMENT = Path.of("..", "FORMAT_COVERAGE.md");
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
        StringBuilder text = new StringBuilder("# Format coverage\n\n"
                + "Written by `FormatCoverageTest` from what it observes; `-Darrownpz.regenerate=true` rewrites it.\n"
                + "Every row is also read back, or written back, and compared bit for bit.\n\n");
        arrays(text, allocator);
        vectors(text, allocator);
        sparse(text, allocator);
        new ArrayCoverage(allocator, directory, text).write();
        if (Boolean.getBoolean("arrownpz.regenerate")) {
            Files.writeString(DOCUMENT, text);
        }
        assertThat(Files.readString(DOCUMENT))
                .as("FORMAT_COVERAGE.md is stale: run this test with -Darrownpz.regenerate=true")
                .isEqualTo(text.toString());
    }

    private void arrays(StringBuilder text, BufferAllocator allocator) throws Exception {
        text.append("## NumPy to Arrow\n\n")
                .append("\"view\" means that values stay where they are in the mapped file; a copy states its reason.")
                .append(
                        " A copy into an Arrow type is undone without loss by `numpy.dtype`, which each field keeps.\n\n")
                .append(
                        "| dtype | array | `ARROW` mapping | | `STORAGE` mapping | |\n| --- | --- | --- | --- | --- | --- |\n");
        for (String dtype : DTYPES) {
            row(text, allocator, dtype, Shape.of(9), StorageOrder.C);
            if (dtype.startsWith("<")) {
                row(text, allocator, ">" + dtype.substring(1), Shape.of(9), StorageOrder.C);
            }
        }
        for (String record : RECORDS) {
            row(text, allocator, record, Shape.of(9), StorageOrder.C);
        }
        row(text, allocator, RECORDS[0], Shape.of(), StorageOrder.C);
        for (String dtype : List.of("<f8", ">i4", "|b1", "<U5")) {
            row(text, allocator, dtype, Shape.of(), StorageOrder.C);
            row(text, allocator, dtype, Shape.of(9, 4), StorageOrder.FORTRAN);
            row(text, allocator, dtype, Shape.of(9, 4), StorageOrder.C);
            row(text, allocator, dtype, Shape.of(9, 4, 2), StorageOrder.C);
            row(text, allocator, dtype, Shape.of(9, 4, 2), StorageOrder.FORTRAN);
        }
        row(text, allocator, "<f8", Shape.of(9, 0), StorageOrder.C);
        text.append(
                        "\nAn array of 0 dimensions is one row, which the field's metadata key `numpy.ndim` tells from a 1-d")
                .append(" array of one; one of shape `(n, 0)` is n rows without columns.\n");
        text.append("\nRefused and never unpickled: `|O` (Python objects), StringDType (`T`).\n\n");
    }

    private void row(StringBuilder text, BufferAllocator allocator, String descr, Shape shape, StorageOrder order)
            throws Exception {
        String literal = descr.startsWith("[") ? descr : "'" + descr + "'";
        DType dtype = DescrParser.parse(literal, ReadLimits.defaults(), Location.ofFile(null));
        RandomArrays.Array array = new RandomArrays(new Random(1)).array(dtype, shape, order);
        String form = shape.dimensions() < 2
                ? shape.dimensions() + "-d"
                : shape.elements() == 0
                        ? "2-d, no columns"
                        : shape.dimensions() + "-d, " + (order == StorageOrder.C ? "C" : "Fortran") + " order";
        text.append("| `").append(descr.replace("|", "\\|")).append("` | ").append(form);
        byte[] file = array.npy(1);
        ByteBuffer direct = ByteBuffer.allocateDirect(file.length).put(file).flip();
        for (TypeMapping mapping : TypeMapping.values()) {
            Path copy = directory.resolve("copy.npy");
            try (Frame frame =
                    Frames.open(allocator, direct, ReadOptions.defaults().withTypeMapping(mapping))) {
                frame.root();
                text.append(" | ").append(types(frame)).append(" | ").append(how(frame.copyReport()));
                Frames.write(frame, copy, WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
            }
            byte[] written = Files.readAllBytes(copy);
            byte[] expected = new RandomArrays.Array(dtype, shape, order, array.elements()).stored();
            assertThat(written).as(descr).endsWith(expected);
            assertThat(new String(written, StandardCharsets.ISO_8859_1)).contains("'descr': " + dtype.descr());
        }
        text.append(" |\n");
    }

    private static String types(Frame frame) throws NpzException {
        return frame.schema().getFields().stream()
                .map(FormatCoverageTest::type)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String type(Field field) {
        String children = field.getChildren().isEmpty()
                ? ""
                : field.getChildren().stream()
                        .map(FormatCoverageTest::type)
                        .collect(Collectors.joining(", ", "\\<", "\\>"));
        String extension = field.getMetadata().get("ARROW:extension:name");
        return plain(field.getType()) + children + (extension == null ? "" : " as `" + extension + "`");
    }

    private static String plain(ArrowType type) {
        if (type instanceof ArrowType.Int number) {
            return (number.getIsSigned() ? "Int" : "UInt") + number.getBitWidth();
        }
        if (type instanceof ArrowType.FloatingPoint floating) {
            return "Float" + (16 << floating.getPrecision().ordinal());
        }
        return type.toString().replace("(", " ").replace(")", "").replace(", null", "");
    }

    private static String how(CopyReport report) {
        List<String> ways = new ArrayList<>();
        for (CopyReport.Column column : report.columns()) {
            String way = column.isViewed() ? "view" : "copy";
            way = column.copiedBytes() > 0 && column.viewedBytes() > 0 ? "partly a view" : way;
            ways.add(column.reason() == null ? way : way + ": " + column.reason());
        }
        return ways.stream().distinct().collect(Collectors.joining("; ")).replace("|", "\\|");
    }

    private void vectors(StringBuilder text, BufferAllocator allocator) throws Exception {
        text.append("## Arrow to NPZ\n\n")
                .append("With the default options. A block is an array that NumPy and StaticFrame read as the column;")
                .append(" Arrow buffers are arrays that NumPy reads one by one.\n\n")
                .append("| Arrow type | without nulls | with nulls | read back |\n| --- | --- | --- | --- |\n");
        for (Field field : RandomFields.all()) {
            text.append("| ").append(type(field));
            boolean exact = true;
            for (boolean nulls : new boolean[] {false, true}) {
                FieldVector vector = new RandomVectors(allocator, 5, nulls).vector(field, 40);
                try (VectorSchemaRoot root = new VectorSchemaRoot(new Schema(List.of(field)), List.of(vector), 40)) {
                    Path file = directory.resolve("column.npz");
                    WriteReport report =
                            Frames.write(root, file, WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
                    text.append(" | ").append(form(report.columns().get(0)));
                    try (Frame frame = Frames.open(allocator, file)) {
                        Field read = frame.root().getVector(0).getField();
                        exact &= read.getType().equals(field.getType())
                                && RandomVectors.values(frame.root().getVector(0))
                                        .equals(RandomVectors.values(vector));
                    }
                }
            }
            assertThat(exact).as(field.toString()).isTrue();
            text.append(" | exact |\n");
        }
        text.append("\nDictionary-encoded columns of any of these are stored as Arrow buffers, or as their values with")
                .append(" `WriteOptions.withDictionaries(DECODE)`.\n");
    }

    private void sparse(StringBuilder text, BufferAllocator allocator) throws Exception {
        text.append("\n## Sparse matrices of SciPy to Arrow\n\n")
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
                        text.append("| ")
                                .append(format.scipyName())
                                .append(" | | | | `SparseMatrix.arrays()` | `Npz.save` |\n");
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
                        "\nWhat is deflated, as SciPy does by default, is inflated, and big-endian places are swapped; all other")
                .append(" dtypes of `data` are treated as above.\n");
    }

    private static String form(WriteReport.Column column) {
        if (column.stored() == WriteReport.Stored.BUFFERS) {
            return "Arrow buffers (" + column.reason() + ")";
        }
        String nulls = column.fill() == null
                ? ""
                : column.fill().equals("NaT") ? ", nulls as NaT" : ", nulls as " + column.fill() + " and a bitmap";
        return "block `" + String.valueOf(column.dtype()).replace("|", "\\|") + "`" + nulls;
    }
}
