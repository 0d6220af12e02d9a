package org.arrownpz.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.BaseRepeatedValueVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.Shape;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Sparse matrices as SciPy keeps them in archives. */
@ExtendWith(LeakCheck.class)
class SparseMatrixTest {
    @TempDir
    Path directory;

    private Path file;
    private final Map<String, Object> arrays = new LinkedHashMap<>();

    /** [[0, 1.5, 0, 2.5], [0, 0, 0, 0], [3.5, 0, 0, 0]]. */
    @BeforeEach
    void makeMatrix() {
        file = directory.resolve("m.npz");
        arrays.put("indices", new int[] {1, 3, 0});
        arrays.put("indptr", new int[] {0, 2, 2, 3});
        arrays.put("format", format("csr"));
        arrays.put("shape", new long[] {3, 4});
        arrays.put("data", new double[] {1.5, 2.5, 3.5});
    }

    private static ArrayContent format(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        return ArrayContent.of(ByteBuffer.wrap(bytes), ScalarDType.of(DTypeKind.BYTES, bytes.length), Shape.of());
    }

    private Path saved() throws NpzException {
        Npz.save(file, arrays, WriteOptions.defaults().withOverwrite());
        return file;
    }

    private static List<?> values(VectorSchemaRoot root, String column) {
        FieldVector lists = root.getVector(column);
        return java.util.stream.IntStream.range(0, lists.getValueCount())
                .mapToObj(row -> (List<?>) lists.getObject(row))
                .toList();
    }

    @Test
    void viewsRowsAsListsOverOneBufferOfOffsets(BufferAllocator allocator) throws Exception {
        VectorSchemaRoot root;
        try (SparseMatrix matrix = SparseMatrix.load(allocator, saved())) {
            assertThat(matrix.format()).isEqualTo(SparseMatrix.Format.CSR);
            assertThat(matrix.shape()).containsExactly(3, 4);
            assertThat(matrix.isArray()).isFalse();
            assertThat(matrix).hasToString("SparseMatrix csr [3, 4]");
            assertThat(matrix.arrays().names()).containsExactlyElementsOf(arrays.keySet());
            root = matrix.lists();
            FieldVector indptr = matrix.arrays().vector("indptr");
            FieldVector data = matrix.arrays().vector("data");
            try (indptr;
                    data) {
                ListVector indices = (ListVector) root.getVector("indices");
                ListVector values = (ListVector) root.getVector("data");
                assertThat(indices.getOffsetBuffer().memoryAddress())
                        .isEqualTo(values.getOffsetBuffer().memoryAddress())
                        .isEqualTo(indptr.getDataBuffer().memoryAddress());
                assertThat(values.getDataVector().getDataBuffer().memoryAddress())
                        .isEqualTo(data.getDataBuffer().memoryAddress());
            }
        }
        try (root) {
            assertThat(root.getRowCount()).isEqualTo(3);
            assertThat(values(root, "indices")).isEqualTo(List.of(List.of(1, 3), List.of(), List.of(0)));
            assertThat(values(root, "data")).isEqualTo(List.of(List.of(1.5, 2.5), List.of(), List.of(3.5)));
            assertThat(root.getSchema().getCustomMetadata())
                    .containsEntry("scipy.sparse.format", "csr")
                    .containsEntry("scipy.sparse.shape", "3,4");
        }
    }

    @Test
    void writesTheLongestMatrixThatItReads(BufferAllocator allocator) throws Exception {
        arrays.put("shape", new long[] {3, Long.MAX_VALUE});
        Path again = directory.resolve("again.npz");
        try (SparseMatrix matrix = SparseMatrix.load(allocator, saved());
                VectorSchemaRoot root = matrix.lists()) {
            SparseMatrix.save(again, root, WriteOptions.defaults());
            Map<String, String> longer = new LinkedHashMap<>(root.getSchema().getCustomMetadata());
            longer.put("scipy.sparse.shape", "3,9223372036854775808");
            assertThat(SparseMatrix.isMatrix(new Schema(root.getSchema().getFields(), longer)))
                    .isFalse();
        }
        try (SparseMatrix read = SparseMatrix.load(allocator, again)) {
            assertThat(read.shape()).containsExactly(3, Long.MAX_VALUE);
        }
    }

    @Test
    void readsColumnsOf64BitsAndTextsOfOldFiles(BufferAllocator allocator) throws Exception {
        arrays.put("format", "csc");
        arrays.put("shape", new int[] {4, 3});
        arrays.put("indptr", new long[] {0, 2, 2, 3});
        arrays.put("indices", new long[] {1, 3, 0});
        arrays.put("_is_array", true);
        try (SparseMatrix matrix = SparseMatrix.load(allocator, saved());
                VectorSchemaRoot root = matrix.lists()) {
            assertThat(matrix.isArray()).isTrue();
            assertThat(root.getVector("data")).isInstanceOf(LargeListVector.class);
            assertThat(values(root, "indices")).isEqualTo(List.of(List.of(1L, 3L), List.of(), List.of(0L)));
            Path again = directory.resolve("again.npz");
            SparseMatrix.save(again, root, WriteOptions.defaults());
            try (SparseMatrix read = SparseMatrix.load(allocator, again);
                    VectorSchemaRoot same = read.lists()) {
                assertThat(read.isArray()).isTrue();
                assertThat(read.shape()).containsExactly(4, 3);
                assertThat(values(same, "data")).isEqualTo(values(root, "data"));
            }
        }
    }

    @Test
    void copiesWhatIsBigEndian(BufferAllocator allocator) throws Exception {
        ByteBuffer big = ByteBuffer.allocate(16).order(ByteOrder.BIG_ENDIAN);
        big.putInt(0).putInt(2).putInt(2).putInt(3).flip();
        ScalarDType type = new ScalarDType(DTypeKind.INT, org.arrownpz.dtype.ScalarDType.ByteOrdering.BIG, 4, null);
        arrays.put("indptr", ArrayContent.of(big, type, Shape.of(4)));
        try (SparseMatrix matrix = SparseMatrix.load(allocator, saved());
                VectorSchemaRoot root = matrix.lists()) {
            assertThat(values(root, "indices")).isEqualTo(List.of(List.of(1, 3), List.of(), List.of(0)));
        }
    }

    @Test
    void writesWhatWasSlicedFromItsFirstRowOn(BufferAllocator allocator) throws Exception {
        Path part = directory.resolve("part.npz");
        try (SparseMatrix matrix = SparseMatrix.load(allocator, saved());
                VectorSchemaRoot root = matrix.lists();
                VectorSchemaRoot slice = root.slice(1, 2)) {
            Schema schema = new Schema(
                    slice.getSchema().getFields(), Map.of("scipy.sparse.format", "csr", "scipy.sparse.shape", "2, 4"));
            SparseMatrix.save(part, new VectorSchemaRoot(schema, slice.getFieldVectors(), 2), WriteOptions.defaults());
        }
        try (SparseMatrix matrix = SparseMatrix.load(allocator, part);
                VectorSchemaRoot root = matrix.lists()) {
            assertThat(matrix.arrays().get("indptr").ints()).containsExactly(0, 0, 1);
            assertThat(values(root, "data")).isEqualTo(List.of(List.of(), List.of(3.5)));
        }
    }

    @Test
    void keepsEmptyMatrices(BufferAllocator allocator) throws Exception {
        arrays.put("indptr", new int[] {0});
        arrays.put("indices", new int[0]);
        arrays.put("data", new double[0]);
        arrays.put("shape", new long[] {0, 4});
        Path again = directory.resolve("again.npz");
        try (SparseMatrix matrix = SparseMatrix.load(allocator, saved());
                VectorSchemaRoot root = matrix.lists()) {
            assertThat(root.getRowCount()).isZero();
            SparseMatrix.save(again, root, WriteOptions.defaults());
        }
        try (SparseMatrix matrix = SparseMatrix.load(allocator, again)) {
            assertThat(matrix.arrays().get("indptr").ints()).containsExactly(0);
        }
    }

    @Test
    void givesOtherFormatsAsTheirArrays(BufferAllocator allocator) throws Exception {
        arrays.put("format", format("coo"));
        arrays.remove("indptr");
        arrays.put("row", new int[] {0, 0, 2});
        arrays.put("col", new int[] {1, 3, 0});
        try (SparseMatrix matrix = SparseMatrix.load(allocator, saved())) {
            assertThat(matrix.format()).isEqualTo(SparseMatrix.Format.COO);
            assertThat(matrix.arrays().get("col").ints()).containsExactly(1, 3, 0);
            assertThatThrownBy(matrix::lists)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("coo")
                    .hasMessageContaining("arrays()");
        }
    }

    private void assertRefused(BufferAllocator allocator, String name, Object value, ErrorCode code, String member)
            throws NpzException {
        Object former = arrays.get(name);
        if (value == null) {
            arrays.remove(name);
        } else {
            arrays.put(name, value);
        }
        Path path = saved();
        assertThatThrownBy(() -> {
                    try (SparseMatrix matrix = SparseMatrix.load(allocator, path)) {
                        matrix.lists().close();
                    }
                })
                .as(name + " " + value)
                .isInstanceOfSatisfying(NpzException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.file()).isEqualTo(path.toString());
                    assertThat(e.member()).isEqualTo(member);
                });
        arrays.put(name, former);
    }

    @Test
    void refusesMatricesThatContradictThemselves(BufferAllocator allocator) throws Exception {
        for (String name : List.of("format", "shape", "data", "indices", "indptr")) {
            assertRefused(allocator, name, null, ErrorCode.META_MISSING, null);
        }
        assertRefused(allocator, "format", format("lil"), ErrorCode.VALUE, "format.npy");
        assertRefused(allocator, "format", 7, ErrorCode.ARRAY_DTYPE, "format.npy");
        assertRefused(allocator, "format", new String[] {"csr"}, ErrorCode.ARRAY_DTYPE, "format.npy");
        assertRefused(allocator, "shape", new double[] {3, 4}, ErrorCode.ARRAY_DTYPE, "shape.npy");
        assertRefused(allocator, "shape", 3L, ErrorCode.ARRAY_DTYPE, "shape.npy");
        assertRefused(allocator, "shape", new long[65], ErrorCode.ARRAY_DTYPE, "shape.npy");
        assertRefused(allocator, "shape", new long[] {3, -4}, ErrorCode.VALUE, "shape.npy");
        assertRefused(allocator, "shape", new long[] {2, 4}, ErrorCode.ARRAY_SHAPE, "indptr.npy");
        assertRefused(allocator, "shape", new long[] {Long.MAX_VALUE, 4}, ErrorCode.ARRAY_SHAPE, "indptr.npy");
        assertRefused(allocator, "shape", new long[] {3, 3}, ErrorCode.VALUE, "indices.npy");
        assertRefused(allocator, "indptr", new int[] {0, 2, 1, 3}, ErrorCode.VALUE, "indptr.npy");
        assertRefused(allocator, "indptr", new int[] {1, 2, 2, 3}, ErrorCode.VALUE, "indptr.npy");
        assertRefused(allocator, "indptr", new int[] {0, 2, 2, 4}, ErrorCode.VALUE, "indptr.npy");
        assertRefused(allocator, "indptr", new int[] {-1, 2, 2, 3}, ErrorCode.VALUE, "indptr.npy");
        assertRefused(allocator, "indptr", new long[] {0, 2, 2, 1L << 33}, ErrorCode.VALUE, "indptr.npy");
        assertRefused(allocator, "indptr", new int[0], ErrorCode.ARRAY_SHAPE, "indptr.npy");
        assertRefused(allocator, "indptr", new short[] {0, 2, 2, 3}, ErrorCode.ARRAY_DTYPE, "indptr.npy");
        assertRefused(allocator, "indices", new double[] {1, 3, 0}, ErrorCode.ARRAY_DTYPE, "indices.npy");
        assertRefused(allocator, "indices", new int[] {1, -3, 0}, ErrorCode.VALUE, "indices.npy");
        assertRefused(allocator, "indices", new long[] {1, 4, 0}, ErrorCode.VALUE, "indices.npy");
        assertRefused(allocator, "indices", new int[] {1, 3}, ErrorCode.ARRAY_SHAPE, "indices.npy");
        assertRefused(allocator, "indices", new int[][] {{1}, {3}, {0}}, ErrorCode.ARRAY_SHAPE, "indices.npy");
        assertRefused(allocator, "data", new double[][] {{1}, {3}, {0}}, ErrorCode.ARRAY_SHAPE, "data.npy");
        arrays.put("_is_array", 1);
        assertRefused(allocator, "indices", new int[] {1, 3, 0}, ErrorCode.ARRAY_DTYPE, "_is_array.npy");
    }

    @Test
    void refusesToWriteWhatIsNoMatrix(BufferAllocator allocator) throws Exception {
        Path target = directory.resolve("t.npz");
        try (SparseMatrix matrix = SparseMatrix.load(allocator, saved());
                VectorSchemaRoot root = matrix.lists();
                VectorSchemaRoot part = root.slice(0, 2)) {
            for (Map<String, String> metadata : List.of(
                    Map.<String, String>of(),
                    Map.of("scipy.sparse.format", "coo", "scipy.sparse.shape", "3,4"),
                    Map.of("scipy.sparse.format", "csr", "scipy.sparse.shape", "3"),
                    Map.of("scipy.sparse.format", "csr", "scipy.sparse.shape", "4,4"),
                    Map.of("scipy.sparse.format", "csr", "scipy.sparse.shape", "3,3"))) {
                refused(target, root.getFieldVectors(), metadata);
            }
            Map<String, String> metadata = root.getSchema().getCustomMetadata();
            refused(target, List.of(root.getVector("indices")), metadata);
            refused(target, List.of(root.getVector("indices"), part.getVector("data")), metadata);
            FieldVector data = root.getVector("data");
            FieldVector items = ((BaseRepeatedValueVector) data).getDataVector();
            try (FieldVector named = new org.apache.arrow.vector.types.pojo.Field(
                                    "indices",
                                    data.getField().getFieldType(),
                                    data.getField().getChildren())
                            .createVector(allocator);
                    FieldVector flat = new org.apache.arrow.vector.types.pojo.Field(
                                    "data", items.getField().getFieldType(), List.of())
                            .createVector(allocator)) {
                data.makeTransferPair(named).splitAndTransfer(0, 3);
                refused(target, List.of(named, data), metadata);
                refused(target, List.of(root.getVector("indices"), flat), metadata);
            }
        }
        assertThat(target).doesNotExist();
    }

    private static void refused(Path target, List<FieldVector> vectors, Map<String, String> metadata) {
        Schema schema = new Schema(vectors.stream().map(FieldVector::getField).toList(), metadata);
        assertThatThrownBy(() ->
                        SparseMatrix.save(target, new VectorSchemaRoot(schema, vectors, 3), WriteOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void failsCleanlyWhenMemoryEnds() throws Exception {
        Path path = saved();
        Path target = directory.resolve("t.npz");
        AllocationFaults.refuseEach(allocator -> {
            try (SparseMatrix matrix = SparseMatrix.load(allocator, path);
                    VectorSchemaRoot root = matrix.lists()) {
                SparseMatrix.save(target, root, WriteOptions.defaults().withOverwrite());
            }
        });
    }
}
