package org.arrownpz.array;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.support.Rollback;

/**
 * Sparse matrices in NPZ files, as {@code scipy.sparse.save_npz} writes them and {@code load_npz} reads them.
 *
 * <pre>{@code
 * try (SparseMatrix matrix = SparseMatrix.load(allocator, Path.of("matrix.npz"));
 *         VectorSchemaRoot rows = matrix.lists()) {
 *     ListVector columns = (ListVector) rows.getVector("indices");
 *     ListVector values = (ListVector) rows.getVector("data");
 * }
 * }</pre>
 *
 * <p>CSR and CSC become lists, {@link #lists()}; the other formats are given as {@link #arrays()}. SciPy deflates by
 * default: files of {@code save_npz(…, compressed=False)} are viewed.
 *
 * <p>Closed by the caller, and with it the arrays; roots live on. Safe for use by several threads.
 */
public final class SparseMatrix implements AutoCloseable {
    private static final int MOST_DIMENSIONS = 64;

    private final BufferAllocator allocator;
    private final NumpyArrays arrays;
    private final Format format;
    private final long[] shape;
    private final boolean isArray;
    private final Location location;

    /** SciPy's forms of a matrix, each with its arrays beside {@code format}, {@code shape} and {@code data}. */
    public enum Format {
        /** By rows: {@code indptr}, {@code indices}. */
        CSR,
        /** By columns: {@code indptr}, {@code indices}. */
        CSC,
        /** Each value with its place: {@code row} and {@code col}, or {@code coords} of other than two dimensions. */
        COO,
        /** By rows of dense blocks: {@code indptr}, {@code indices}. */
        BSR,
        /** Diagonals: {@code offsets}. */
        DIA;

        /** SciPy's name: {@code csr}. */
        public String scipyName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private SparseMatrix(BufferAllocator allocator, NumpyArrays arrays, Location location) throws NpzException {
        this.location = location;
        this.allocator = allocator;
        this.arrays = arrays;
        NumpyArray stated = require("format");
        String name = text(stated);
        this.format = Arrays.stream(Format.values())
                .filter(each -> each.scipyName().equals(name))
                .findFirst()
                .orElseThrow(() -> stated.location()
                        .error(ErrorCode.VALUE, "the format of the sparse matrix is unknown")
                        .expected("csr, csc, coo, bsr or dia")
                        .found(SafeText.quote(name))
                        .build());
        NumpyArray lengths = require("shape");
        if (!isInteger(lengths)
                || lengths.shape().dimensions() != 1
                || lengths.shape().length(0) < 1
                || lengths.shape().length(0) > MOST_DIMENSIONS) {
            throw bad(lengths, "the shape of the sparse matrix is no list of lengths");
        }
        this.shape = lengths.longs();
        if (Arrays.stream(shape).anyMatch(length -> length < 0)) {
            throw lengths.location()
                    .error(ErrorCode.VALUE, "a length of the sparse matrix is negative")
                    .found(Arrays.toString(shape))
                    .build();
        }
        require("data");
        NumpyArray mark = arrays.contains("_is_array") ? arrays.get("_is_array") : null;
        if (mark != null
                && (mark.shape().dimensions() != 0
                        || !(mark.dtype() instanceof ScalarDType type)
                        || type.kind() != DTypeKind.BOOL)) {
            throw bad(mark, "the mark of sparse arrays is no bool");
        }
        this.isArray = mark != null && mark.getBoolean();
    }

    /** {@link #load(BufferAllocator, Path, ReadOptions)} with the default options: mapped read-only. */
    public static SparseMatrix load(BufferAllocator allocator, Path path) throws NpzException {
        return load(allocator, path, ReadOptions.defaults());
    }

    /**
     * Opens a file of {@code save_npz}, and reads format and shape.
     *
     * @return the matrix, which the caller closes
     * @throws NpzException what {@link Npz#load} throws; META_MISSING when an array is missing that says what the matrix
     *     is, VALUE or ARRAY_DTYPE when it cannot be that
     */
    public static SparseMatrix load(BufferAllocator allocator, Path path, ReadOptions options) throws NpzException {
        NumpyArrays arrays = Npz.load(allocator, path, options);
        try (Rollback undo = Rollback.of(arrays)) {
            return undo.commit(new SparseMatrix(allocator, arrays, Location.ofFile(path.toString())));
        }
    }

    /**
     * Writes a matrix that {@code scipy.sparse.load_npz} reads: rows (CSR) or columns (CSC) as two lists, the places of
     * values in the other dimension and the values. Both have the same lengths. Values and places are not copied. Format and shape are in the schema's metadata, as {@link #lists()} puts them
     * there.
     *
     * @param lists a root with the columns {@code indices} and {@code data}, borrowed for the time of the call
     * @param options durability and deflation are heeded
     * @throws NpzException IO, or FILE_CHANGED when the vectors are those of a mapped file that was cut short; the target is
     *     as it was
     * @throws IllegalArgumentException when the root is no such matrix
     */
    public static void save(Path target, VectorSchemaRoot lists, WriteOptions options) throws NpzException {
        Map<String, String> metadata = lists.getSchema().getCustomMetadata();
        String format = metadata.get(SparseLists.FORMAT);
        long[] shape = SparseLists.shape(metadata.get(SparseLists.SHAPE));
        boolean csc = Format.CSC.scipyName().equals(format);
        if (shape == null || !csc && !Format.CSR.scipyName().equals(format)) {
            throw new IllegalArgumentException("the schema's metadata say nothing of a sparse matrix: "
                    + SparseLists.FORMAT + " is csr or csc, and " + SparseLists.SHAPE + " two lengths such as 3,4");
        }
        FieldVector indices = lists.getVector("indices");
        FieldVector data = lists.getVector("data");
        if (indices == null || data == null) {
            throw new IllegalArgumentException("a sparse matrix has the columns indices and data");
        }
        BufferAllocator allocator = indices.getAllocator();
        try (SparseLists.Content content =
                SparseLists.content(indices, data, shape[csc ? 1 : 0], shape[csc ? 0 : 1], allocator)) {
            Map<String, Object> arrays = new LinkedHashMap<>();
            arrays.put("indices", content.indices());
            arrays.put("indptr", content.indptr());
            byte[] name = (csc ? Format.CSC : Format.CSR).scipyName().getBytes(StandardCharsets.US_ASCII);
            ScalarDType bytes = ScalarDType.of(DTypeKind.BYTES, name.length);
            arrays.put("format", ArrayContent.of(ByteBuffer.wrap(name), bytes, Shape.of()));
            arrays.put("shape", shape);
            arrays.put("data", content.data());
            if ("true".equals(metadata.get(SparseLists.ARRAY))) {
                arrays.put("_is_array", true);
            }
            Npz.save(target, arrays, options);
        }
    }

    /** Whether a schema's metadata and columns say that {@link #save} is to write its rows as a matrix. */
    public static boolean isMatrix(Schema schema) {
        List<Field> fields = schema.getFields();
        return schema.getCustomMetadata().containsKey(SparseLists.FORMAT)
                && SparseLists.shape(schema.getCustomMetadata().get(SparseLists.SHAPE)) != null
                && fields.size() == 2
                && fields.get(0).getName().equals("indices")
                && fields.get(1).getName().equals("data");
    }

    /** The form in which SciPy stores the matrix. */
    public Format format() {
        return format;
    }

    /** The lengths of the matrix' dimensions. */
    public long[] shape() {
        return shape.clone();
    }

    /** Whether the file is that of a sparse array ({@code csr_array}), not of a matrix ({@code csr_matrix}). */
    public boolean isArray() {
        return isArray;
    }

    /** The arrays as the file has them, unchecked; they live as long as this. */
    public NumpyArrays arrays() {
        return arrays;
    }

    /**
     * The rows of a CSR matrix, or the columns of a CSC matrix, as two columns of lists over one buffer of offsets, which is
     * {@code indptr} itself: {@code indices} has the places of a row's values in the other dimension, {@code data} the
     * values. Lists are large where {@code indptr} is of 64 bits. What the file's layout allows is a view of the file, as
     * {@link Vectors#of} has it, and read-only then. Explicit zeros, duplicates and unsorted indices stay as they are.
     *
     * <p>The schema's metadata say what {@link #save} needs: {@code scipy.sparse.format}, {@code scipy.sparse.shape} and
     * {@code scipy.sparse.array}.
     *
     * @return a root that the caller closes, also after this
     * @throws NpzException VALUE, ARRAY_DTYPE or ARRAY_SHAPE when {@code indptr} does not rise from 0 to the number of values,
     *     or {@code indices} lie outside of the matrix; LIMIT; FILE_CHANGED
     * @throws IllegalStateException for other formats and other than two dimensions; take their {@link #arrays()}
     */
    public VectorSchemaRoot lists() throws NpzException {
        if (format != Format.CSR && format != Format.CSC || shape.length != 2) {
            throw new IllegalStateException("a matrix of " + shape.length + " dimensions in the format "
                    + format.scipyName() + " is no table of lists: take its arrays()");
        }
        boolean csr = format == Format.CSR;
        NumpyArray offsets = require("indptr");
        NumpyArray indices = require("indices");
        NumpyArray data = require("data");
        for (NumpyArray each : List.of(offsets, indices)) {
            if (!isInteger(each) || each.dtype().itemSize() < Integer.BYTES) {
                throw bad(each, "the places of a sparse matrix are signed integers of 32 or 64 bits");
            }
        }
        for (NumpyArray each : List.of(offsets, indices, data)) {
            if (each.shape().dimensions() != 1) {
                throw each.location()
                        .error(ErrorCode.ARRAY_SHAPE, "the arrays of a sparse matrix have one dimension")
                        .found(each.shape())
                        .build();
            }
        }
        long lists = shape[csr ? 0 : 1];
        if (offsets.shape().length(0) - 1 != lists) {
            throw offsets.location()
                    .error(
                            ErrorCode.ARRAY_SHAPE,
                            "indptr has one entry more than the matrix has " + (csr ? "rows" : "columns"))
                    .expected(lists + " and one")
                    .found(offsets.shape())
                    .build();
        }
        if (indices.shape().length(0) != data.shape().length(0)) {
            throw indices.location()
                    .fault(ErrorCode.ARRAY_SHAPE, "there is one index for each value", data.shape(), indices.shape());
        }
        return SparseLists.root(arrays, offsets, indices, shape[csr ? 1 : 0], metadata(), allocator);
    }

    private Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(SparseLists.FORMAT, format.scipyName());
        metadata.put(SparseLists.SHAPE, shape[0] + "," + shape[1]);
        if (isArray) {
            metadata.put(SparseLists.ARRAY, "true");
        }
        return metadata;
    }

    private NumpyArray require(String name) throws NpzException {
        if (!arrays.contains(name)) {
            throw location.error(ErrorCode.META_MISSING, "the archive is no sparse matrix of SciPy")
                    .expected("an array " + name)
                    .build();
        }
        return arrays.get(name);
    }

    private static String text(NumpyArray array) throws NpzException {
        if (array.shape().dimensions() == 0 && array.dtype() instanceof ScalarDType type && type.itemSize() <= 64) {
            if (type.kind() == DTypeKind.UNICODE) {
                return array.getString();
            }
            if (type.kind() == DTypeKind.BYTES) {
                return new String(array.to(byte[].class), StandardCharsets.ISO_8859_1);
            }
        }
        throw bad(array, "the format of a sparse matrix is a text");
    }

    private static boolean isInteger(NumpyArray array) {
        return array.dtype() instanceof ScalarDType type && type.kind() == DTypeKind.INT;
    }

    private static NpzException bad(NumpyArray array, String problem) {
        return array.location()
                .error(ErrorCode.ARRAY_DTYPE, problem)
                .found(array)
                .build();
    }

    /** Gives up the file. May be called more than once. */
    @Override
    public void close() {
        arrays.close();
    }

    @Override
    public String toString() {
        return "SparseMatrix " + format.scipyName() + " " + Arrays.toString(shape);
    }
}
