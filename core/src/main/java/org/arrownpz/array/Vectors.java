package org.arrownpz.array;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.SmallFloat;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.StringEncoding;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.internal.encode.BlockContent;
import org.arrownpz.vector.internal.encode.ColumnEncoder;
import org.arrownpz.vector.internal.encode.ColumnEncoding;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/**
 * NumPy arrays as Arrow vectors, and back.
 *
 * <pre>{@code
 * try (NumpyArray array = Npy.load(allocator, Path.of("matrix.npy"));
 *         FieldVector rows = Vectors.of(allocator, array, "rows")) {
 *     Npy.save(Path.of("again.npy"), rows);
 * }
 * }</pre>
 *
 * <p>All methods are safe for use by several threads.
 */
public final class Vectors {
    private Vectors() {}

    /** {@link #of(BufferAllocator, NumpyArray, String, ReadOptions)} with the default options. */
    public static FieldVector of(BufferAllocator allocator, NumpyArray array, String name) throws NpzException {
        return of(allocator, array, name, ReadOptions.defaults());
    }

    /**
     * An array as a vector: its elements for 0-d (one row) and 1-d, records as structs, fixed-size lists of each row's
     * elements for more dimensions. A view of the file where its layout allows that, as docs/types.md has it for
     * every dtype; then read-only: {@code set} on it ends the JVM. {@link SmallFloat}s keep their bits, as Arrow's extension
     * {@code arrow.opaque} of {@code ml_dtypes}, which {@link #smallFloat} and {@link Safetensors#save} know;
     * {@link NumpyArray#floats()} converts them to float32.
     *
     * @param allocator takes what is copied, and the validity bits
     * @param name the name of the vector's field
     * @param options type mapping, NaT and misfit policy
     * @return the vector, which the caller closes; it outlives the array
     * @throws NpzException what {@link VectorReader} throws
     */
    public static FieldVector of(BufferAllocator allocator, NumpyArray array, String name, ReadOptions options)
            throws NpzException {
        // The vector keeps the bits it was given.
        try (VectorReader reader = new VectorReader(allocator, options, array.location())) {
            return reader.read(array, name);
        }
    }

    /** The meaning of opaque elements of a field, or of its lists, by its metadata; null where these say nothing. */
    public static @Nullable SmallFloat smallFloat(Field field) {
        Field leaf = field;
        while (leaf.getType() instanceof ArrowType.FixedSizeList) {
            leaf = leaf.getChildren().get(0);
        }
        ArrowType known = leaf.getType();
        boolean registered = known instanceof ArrowType.ExtensionType;
        String name = registered
                ? ((ArrowType.ExtensionType) known).extensionName()
                : leaf.getMetadata().get(NumpyMetadata.EXTENSION_NAME);
        String parameters = registered
                ? ((ArrowType.ExtensionType) known).serialize()
                : leaf.getMetadata().get(NumpyMetadata.EXTENSION_METADATA);
        if (NumpyMetadata.OPAQUE.equals(name) && Storage.of(known) instanceof ArrowType.FixedSizeBinary bytes) {
            SmallFloat type = NumpyMetadata.smallFloat(parameters);
            return type != null && type.bytes() == bytes.getByteWidth() ? type : null;
        }
        return null;
    }

    /**
     * A vector of {@link SmallFloat}s, or of fixed-size lists of them, as one of float32, in memory of the allocator. Lists
     * and validity are those of the vector, whose memory both hold then.
     *
     * @return the vector, which the caller closes
     * @throws NpzException LIMIT when there is no memory; FILE_CHANGED
     * @throws IllegalArgumentException when the field does not say that its values are such floats
     */
    public static FieldVector floats(BufferAllocator allocator, FieldVector vector) throws NpzException {
        SmallFloat type = smallFloat(vector.getField());
        if (type == null) {
            throw new IllegalArgumentException("the field does not say that its values are floats of ml_dtypes: "
                    + SafeText.escape(vector.getField().toString())
                    + "; name them with ReadOptions.withSmallFloat");
        }
        return FloatVectors.of(allocator, vector, type);
    }

    /**
     * A vector as an array: fixed-width values as they lie, bits as bools, text as {@code U}, binary as {@code S},
     * fixed-size lists as further dimensions, structs that were read from records as records. Borrowed: the vector must
     * stay open and unchanged until the array is written.
     *
     * @throws NpzException FILE_CHANGED when the vector is that of a mapped file that was cut short
     * @throws IllegalArgumentException when NumPy has no dtype for the vector's type, or the vector holds nulls other than
     *     those of times, which become NaT
     */
    public static ArrayContent array(FieldVector vector) throws NpzException {
        WriteOptions options = WriteOptions.defaults().withStrings(StringEncoding.UNICODE);
        ColumnEncoding encoding = ColumnEncoder.plan(List.of(vector), options, false);
        if (!(encoding instanceof ColumnEncoding.Numpy numpy)) {
            throw new IllegalArgumentException("NumPy has no such array: " + encoding);
        }
        if (numpy.needsValidity()) {
            throw new IllegalArgumentException(
                    "the vector has " + numpy.nullCount() + " nulls, which " + numpy.dtype() + " cannot hold");
        }
        return BlockContent.ofColumn(new BlockContent.Column(numpy, List.of(vector)));
    }

    /** The measure of nearness between two vectors. */
    public enum Metric {
        /** The cosine of the angle between them, the greatest first. */
        COSINE,
        /** Their Euclidean distance, the least first. */
        L2,
        /** Their dot product, the greatest first. */
        DOT
    }

    /**
     * A row that was found.
     *
     * @param row its number in the matrix
     * @param score its cosine, distance or dot product
     */
    public record Neighbor(long row, double score) {}

    /** {@link #nearest(NumpyArray, double[], int, Metric)} to the one vector that an array holds. */
    public static List<Neighbor> nearest(NumpyArray matrix, NumpyArray query, int count, Metric metric)
            throws NpzException {
        return nearest(matrix, NearestRows.all(query), count, metric);
    }

    /**
     * The rows of a matrix that lie nearest to a vector, the nearest first: what a sort of {@code matrix @ query} finds.
     * Every row is looked at, in blocks on all processors, and no more is held than a block and the rows found for each of
     * them. Scores are summed in double precision. Rows of equal scores follow in the order of their numbers; those whose
     * score is no number come last (they hold NaN, or are zeros, whose cosine there is none of).
     *
     * @param matrix of bool, integers, floats up to float64 or {@link SmallFloat}s, in either order; a part of an array as
     *     well
     * @param query as many elements as a row has
     * @param count how many rows to find, at least 1; fewer are found where there are fewer
     * @throws NpzException ARRAY_SHAPE when the array is no matrix or its rows are of another length, ARRAY_DTYPE when its
     *     elements are no real numbers; IO and FILE_CHANGED
     * @throws IllegalArgumentException when the count is less than 1
     */
    public static List<Neighbor> nearest(NumpyArray matrix, double[] query, int count, Metric metric)
            throws NpzException {
        if (count < 1) {
            throw new IllegalArgumentException("at least one row is to be found, not " + count);
        }
        return NearestRows.find(matrix, query, count, metric);
    }

    /** The content of the array to be saved. */
    static ArrayContent content(Object value) throws NpzException {
        return value instanceof FieldVector vector ? array(vector) : ArrayContent.of(value);
    }
}
