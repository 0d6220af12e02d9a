package org.arrownpz.npy;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.SafeText;
import org.arrownpz.SmallFloat;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.io.ByteSink;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.jspecify.annotations.Nullable;

/**
 * One NumPy array in a file: its checked header, and where its elements lie. The data are neither read nor mapped until
 * something asks for them.
 *
 * <pre>{@code
 * array.dtype();                          // <f8
 * array.shape();                          // (3, 4)
 * array.getDouble(2, 0);                  // one element
 * array.doubles();                        // all twelve, in C order
 * array.row(2);                           // a part, without a copy; array.slice("::-1, 1:3") as well
 * array.to(double[][].class);             // as nested arrays
 * array.doubleBuffer();                   // a view of the mapped file, in the file's order
 * Vectors.of(allocator, array, "name");   // an Arrow vector
 * }</pre>
 *
 * <p>Methods that give Java values copy, and check that every value of the array's dtype is one of the Java type: an
 * array of another dtype or shape than asked for is {@link NpzException} ARRAY_DTYPE or ARRAY_SHAPE, which says what is
 * there. They read big-endian and Fortran-order arrays alike. Besides, all methods that read throw IO, FILE_CHANGED
 * (both where the file did so), LIMIT where the result is too large for Java, and VALUE for an element that is none of
 * its dtype.
 *
 * <p>Immutable and safe for use by several threads. An array from {@code Npy.load} is closed by the caller; one of an
 * archive lives as long as that, a part of an array as long as the array, and closing them does nothing.
 */
public final class NumpyArray implements ArrayContent, AutoCloseable {
    private static final long AT_ONCE = 64L << 20;
    /** Of what is copied on its way. */
    private static final long GATHERED_AT_ONCE = 1 << 20;

    private final Location location;
    private final NpyHeader header;
    private final ByteSource data;
    private final @Nullable ByteSource owned;
    private final @Nullable SmallFloat smallFloat;
    private final @Nullable Packed packed;

    /**
     * Values of less than a byte, in C order, one after the other in the bytes of an array.
     *
     * @param type what a safetensors file calls them: F4, F6_E2M3 or F6_E3M2
     * @param shape that of the values
     */
    public record Packed(String type, Shape shape) {
        /** The type of a value. */
        SmallFloat element() {
            return switch (type) {
                case "F4" -> SmallFloat.FLOAT4_E2M1FN;
                case "F6_E2M3" -> SmallFloat.FLOAT6_E2M3FN;
                default -> SmallFloat.FLOAT6_E3M2FN;
            };
        }

        @Override
        public String toString() {
            return type + " " + shape;
        }
    }

    /**
     * An array over bytes that hold exactly its elements.
     *
     * @param data the element bytes; its size equals {@link NpyHeader#dataLength()}. Not owned by the array.
     */
    public NumpyArray(Location location, NpyHeader header, ByteSource data) {
        this(location, header, data, null, null, null);
    }

    private NumpyArray(
            Location location,
            NpyHeader header,
            ByteSource data,
            @Nullable ByteSource owned,
            @Nullable SmallFloat smallFloat,
            @Nullable Packed packed) {
        if (data.size() != header.dataLength()) {
            throw new IllegalArgumentException(
                    "expected " + header.dataLength() + " bytes of data but found " + data.size());
        }
        this.location = location;
        this.header = header;
        this.data = data;
        this.owned = owned;
        this.smallFloat = smallFloat;
        this.packed = packed;
    }

    /** This array as the owner of the source it lies in: {@link #close()} closes that. */
    public NumpyArray owning(ByteSource source) {
        return new NumpyArray(location, header, data, source, smallFloat, packed);
    }

    /**
     * This array with a meaning for elements that NumPy calls void: what {@code array.view(ml_dtypes.bfloat16)} is in
     * Python. It copies nothing; closing one of both closes the other.
     *
     * @throws IllegalArgumentException when the elements are not opaque, or not as wide as the type
     */
    public NumpyArray as(SmallFloat type) {
        if (!ScalarDType.of(type).equals(dtype())) {
            throw new IllegalArgumentException(
                    type.mlName() + " is over " + ScalarDType.of(type) + ", not over " + dtype());
        }
        return new NumpyArray(location, header, data, owned, type, null);
    }

    /**
     * These bytes with what is packed into them.
     *
     * @throws IllegalArgumentException when the elements are no opaque bytes
     */
    public NumpyArray as(Packed type) {
        if (!ScalarDType.of(DTypeKind.VOID, 1).equals(dtype())) {
            throw new IllegalArgumentException(type + " is packed into |V1, not into " + dtype());
        }
        return new NumpyArray(location, header, data, owned, null, type);
    }

    /**
     * This array as the options name its elements, by its name; itself where they do not.
     *
     * @throws NpzException ARRAY_DTYPE when the elements are none that could be what the options say
     */
    public NumpyArray as(ReadOptions options, String name) throws NpzException {
        SmallFloat type = options.smallFloats().get(name);
        if (type == null || type == smallFloat) {
            return this;
        }
        if (smallFloat != null || !ScalarDType.of(type).equals(dtype())) {
            throw wrongDtype(type.mlName() + " over " + ScalarDType.of(type) + ", as the options name it");
        }
        return as(type);
    }

    /** The meaning of opaque elements by {@link #as} or a safetensors file; null where nothing tells. */
    public @Nullable SmallFloat smallFloat() {
        return smallFloat;
    }

    /** The type that a safetensors file says is packed into the bytes; null where it says nothing. */
    public @Nullable Packed packed() {
        return packed;
    }

    /** File and member, for messages. */
    public Location location() {
        return location;
    }

    public NpyHeader header() {
        return header;
    }

    @Override
    public DType dtype() {
        return header.dtype();
    }

    @Override
    public Shape shape() {
        return header.shape();
    }

    /** The order that the header states; without meaning below two dimensions. */
    @Override
    public StorageOrder order() {
        return header.order();
    }

    /** Whether the elements lie in Fortran order, and not in C order as well. */
    boolean isFortran() {
        return NpyHeaderWriter.numpyOrder(shape(), order()) == StorageOrder.FORTRAN;
    }

    /** The bytes from one element to the next along each dimension, in {@link #data()}. */
    public long[] strides() {
        Shape shape = shape();
        int dimensions = shape.dimensions();
        long[] strides = new long[dimensions];
        long step = dtype().itemSize();
        for (int i = 0; i < dimensions; i++) {
            int dimension = order() == StorageOrder.FORTRAN ? i : dimensions - 1 - i;
            strides[dimension] = step;
            // No element is reached over an empty dimension; the product of the others fits.
            step = Math.multiplyExact(step, Math.max(1, shape.length(dimension)));
        }
        return strides;
    }

    /** The element bytes in the file's order. */
    public ByteSource data() {
        return data;
    }

    /**
     * A part of the element bytes, with one reference that the caller releases; a view where the source can be viewed.
     */
    public ArrowBuf region(long offset, long length) throws NpzException {
        Objects.checkFromIndexSize(offset, length, data.size());
        return data.region(offset, length);
    }

    /**
     * All element bytes, read-only, in the file's order of elements and with the byte order of the dtype. A view where
     * the file is mapped, which keeps the mapping until it is collected as garbage, also after {@link #close()}; else a
     * copy in direct memory. A file that is cut short under a view ends in an {@link InternalError} where it is read.
     *
     * @throws NpzException LIMIT beyond 2 GiB, which {@link #region} reaches
     */
    public ByteBuffer buffer() throws NpzException {
        return ArrayViews.buffer(this);
    }

    /**
     * {@link #buffer()} of a float64 array, for native code, too: in C order and this machine's byte order. So are those of
     * other numbers.
     *
     * @throws NpzException ARRAY_DTYPE for another dtype, or one that is big-endian or in Fortran order; LIMIT as
     *     {@link #buffer()}: {@link #slice(long, long)} gives parts that fit
     */
    public DoubleBuffer doubleBuffer() throws NpzException {
        return ArrayViews.numbers(this, "<f8", "<f8").asDoubleBuffer();
    }

    /** {@link #doubleBuffer} of float32. */
    public FloatBuffer floatBuffer() throws NpzException {
        return ArrayViews.numbers(this, "<f4", "<f4").asFloatBuffer();
    }

    /** {@link #doubleBuffer} of int64. */
    public LongBuffer longBuffer() throws NpzException {
        return ArrayViews.numbers(this, "<i8", "<i8").asLongBuffer();
    }

    /** {@link #doubleBuffer} of int32. */
    public IntBuffer intBuffer() throws NpzException {
        return ArrayViews.numbers(this, "<i4", "<i4").asIntBuffer();
    }

    /** {@link #doubleBuffer} of int16, and of float16 as its bits. */
    public ShortBuffer shortBuffer() throws NpzException {
        return ArrayViews.numbers(this, "<i2", "<f2").asShortBuffer();
    }

    /**
     * The facts of DLPack's {@code DLTensor} about {@link #buffer()}.
     *
     * @param deviceType 1, the CPU
     * @param code kind of number ({@code DLDataTypeCode})
     * @param bits of a number; one of less than 8 has a byte of its own ({@code IS_SUBBYTE_TYPE_PADDED})
     * @param lanes 1
     * @param shape lengths of the dimensions
     * @param strides elements from one to the next in each dimension
     * @param byteOffset of the first element in the buffer
     */
    public record Tensor(
            int deviceType, int code, int bits, int lanes, List<Long> shape, List<Long> strides, long byteOffset) {}

    /**
     * The facts that native code needs for {@link #buffer()}; nothing is read.
     *
     * @throws NpzException ARRAY_DTYPE for elements that are no numbers or bools, and for big-endian ones
     */
    public Tensor tensor() throws NpzException {
        int code = smallFloat != null
                ? smallFloat.dlpackCode()
                : dtype() instanceof ScalarDType scalar && !scalar.isBigEndian()
                        ? List.of("i", "u", "f", "", "", "c", "b")
                                .indexOf("" + scalar.kind().letter())
                        : -1;
        if (code < 0) {
            throw wrongDtype("little-endian numbers or bools for a tensor", null);
        }
        long width = dtype().itemSize();
        int bits = smallFloat != null ? smallFloat.bits() : (int) width * Byte.SIZE;
        List<Long> steps =
                Arrays.stream(strides()).mapToObj(step -> step / width).toList();
        return new Tensor(
                1, code, bits, 1, Arrays.stream(shape().lengths()).boxed().toList(), steps, 0);
    }

    /**
     * One element. Reads it from the file each time: for all elements, {@link #doubles()} is far quicker.
     *
     * @param index a position in each dimension; none for a 0-d array
     * @throws IndexOutOfBoundsException when a position is not within its dimension
     */
    public double getDouble(long... index) throws NpzException {
        return ((double[]) one(JavaType.DOUBLE, index))[0];
    }

    /** One element, see {@link #getDouble}. */
    public long getLong(long... index) throws NpzException {
        return ((long[]) one(JavaType.LONG, index))[0];
    }

    /** One element, see {@link #getDouble}. */
    public int getInt(long... index) throws NpzException {
        return ((int[]) one(JavaType.INT, index))[0];
    }

    /** One element, see {@link #getDouble}. */
    public boolean getBoolean(long... index) throws NpzException {
        return ((boolean[]) one(JavaType.BOOLEAN, index))[0];
    }

    /** One element, see {@link #getDouble}. */
    public String getString(long... index) throws NpzException {
        return ((String[]) one(JavaType.TEXT, index))[0];
    }

    private Object one(JavaType type, long... index) throws NpzException {
        if (index.length != shape().dimensions()) {
            throw wrongShape(index.length + " dimensions, as there are indexes");
        }
        long[] strides = strides();
        long start = 0;
        for (int i = 0; i < index.length; i++) {
            start += Objects.checkIndex(index[i], shape().length(i)) * strides[i];
        }
        Object value = type.array(1);
        new ElementReader(this, type, start, 1).read(value, 0, 1);
        return value;
    }

    /**
     * All elements in C order, of floating-point numbers up to float64 and integers up to 32 bits. C's {@code long double}
     * ({@code f12}, {@code f16}), whose bytes differ by platform, is refused: {@code array.astype("f8")} in Python makes it
     * one of Java's numbers, and {@link #buffer()} gives the bytes.
     */
    public double[] doubles() throws NpzException {
        return (double[]) JavaArrays.flat(this, JavaType.DOUBLE);
    }

    /**
     * All elements in C order, of floating-point numbers up to float32, {@link SmallFloat}s and {@link #packed} ones among
     * them, and integers up to 16 bits.
     */
    public float[] floats() throws NpzException {
        return packed != null
                ? Reordered.unpacked(this, packed)
                : smallFloat != null
                        ? Reordered.floats(this, smallFloat)
                        : (float[]) JavaArrays.flat(this, JavaType.FLOAT);
    }

    /**
     * The elements in C order and little-endian: this array where they are so already, else a copy on the heap.
     *
     * @throws NpzException LIMIT beyond the elements of a Java array
     * @throws IllegalArgumentException for big-endian complex numbers, and elements wider than 8 bytes
     */
    public ArrayContent toLittleEndianC() throws NpzException {
        boolean swapped = dtype() instanceof ScalarDType scalar && scalar.isBigEndian();
        return isFortran() || swapped ? Reordered.of(this) : this;
    }

    /** These elements under another dtype of the same width. */
    NumpyArray under(DType dtype) {
        return view(dtype, shape(), order(), data);
    }

    /** Elements of this array's member under a header of their own. */
    NumpyArray view(DType dtype, Shape shape, StorageOrder order, ByteSource elements) {
        NpyHeader view = new NpyHeader(header.major(), dtype, shape, order, header.dataOffset(), elements.size());
        return new NumpyArray(location, view, elements);
    }

    /**
     * The part whose first indexes are given: a row of a matrix, an image of a stack, one element without dimensions. No
     * element is copied or read before something asks the part for it. The part lives as long as this array, closing it does
     * nothing; regions, buffers and vectors of it hold the file's memory themselves.
     *
     * @param index positions from 0, or from -1 at the end, in the first dimensions
     * @throws NpzException ARRAY_SHAPE when there are more indexes than dimensions
     * @throws IndexOutOfBoundsException when a position is not within its dimension
     */
    public NumpyArray row(long... index) throws NpzException {
        return ArrayViews.row(this, index);
    }

    /**
     * The rows from start to stop, as {@code array[start:stop]} in Python: negative numbers count from the end, and what lies
     * beyond is left out. A part as of {@link #row}.
     *
     * @throws NpzException ARRAY_SHAPE when there are no dimensions
     */
    public NumpyArray slice(long start, long stop) throws NpzException {
        return ArrayViews.rows(this, start, stop);
    }

    /**
     * The part that NumPy's basic indexing names, in Python's notation: {@code slice("0, :, ::2")} is
     * {@code array[0, :, ::2]}. Integers take a dimension away, {@code start:stop:step} keeps it, {@code ...} stands for all
     * dimensions that are not named. A part as of {@link #row}: bytes of the file, in C or Fortran order, where its elements
     * lie together; else {@link #data()} gathers them in C order as they are read. Saved, it is what NumPy saves of it.
     *
     * @throws NpzException ARRAY_SHAPE when more dimensions are named than there are
     * @throws IndexOutOfBoundsException when an integer is not within its dimension
     * @throws IllegalArgumentException when the text is no such index
     */
    public NumpyArray slice(String index) throws NpzException {
        return ArrayViews.slice(this, index);
    }

    /**
     * A copy of exactly these rows, in their order: what {@code numpy.take(array, rows, axis=0)} is. In C order.
     *
     * @param allocator gives the memory
     * @param rows positions in the first dimension, from 0, or from -1 at the end; one may come more than once
     * @return the copy, which the caller closes; it outlives this array
     * @throws NpzException ARRAY_SHAPE when there are no dimensions; LIMIT when there is no memory
     * @throws IndexOutOfBoundsException when a row is not within the first dimension
     */
    public NumpyArray take(BufferAllocator allocator, long... rows) throws NpzException {
        return ArrayViews.take(this, allocator, rows);
    }

    /** Elements of this array. */
    NumpyArray part(Shape shape, StorageOrder order, ByteSource elements) {
        NumpyArray part = view(dtype(), shape, order, elements);
        return smallFloat == null ? part : part.as(smallFloat);
    }

    /** Elements of this dtype in memory that is taken over. */
    NumpyArray copied(Shape shape, ArrowBuf memory) {
        ByteSource source = ByteSources.owning(memory, location(), "array");
        return part(shape, StorageOrder.C, source).owning(source);
    }

    /** All elements in C order, of signed integers up to 32 bits and unsigned ones up to 16. */
    public int[] ints() throws NpzException {
        return (int[]) JavaArrays.flat(this, JavaType.INT);
    }

    /**
     * All elements in C order, of signed integers and unsigned ones up to 32 bits; of datetime64 and timedelta64 the
     * counts, with {@link Long#MIN_VALUE} for NaT. Those of uint64 are {@link #unsignedLongs()}.
     */
    public long[] longs() throws NpzException {
        return (long[]) JavaArrays.flat(this, JavaType.LONG);
    }

    /**
     * All elements of unsigned integers in C order. Those of uint64 are its 64 bits, which Java reads as negative from
     * 2<sup>63</sup> on: {@link Long#toUnsignedString(long)}, {@link Long#compareUnsigned}, {@link Long#divideUnsigned}
     * and {@link Long#remainderUnsigned} take them as they are meant.
     */
    public long[] unsignedLongs() throws NpzException {
        return Reordered.unsigned(this);
    }

    /**
     * All elements of complex64 and complex128 in C order, each as two numbers: real part, imaginary part.
     *
     * @throws NpzException ARRAY_DTYPE for other dtypes, the complex numbers of C's {@code long double} among them; LIMIT
     *     beyond half the elements of a Java array
     */
    public double[] complexes() throws NpzException {
        return Reordered.complex(this);
    }

    /** All elements of a {@code U} array in C order, without the NULs that pad them. */
    public String[] strings() throws NpzException {
        return (String[]) JavaArrays.flat(this, JavaType.TEXT);
    }

    /**
     * The array as Java arrays, nested as deep as it has dimensions: {@code double[]}, {@code int[][]},
     * {@code String[][][]}. Elements are any primitive type, {@link String} (of {@code U}), {@code byte[]} (of {@code S},
     * without the NULs that pad them, and of {@code V}), {@link java.time.LocalDate} and {@link java.time.Instant} (NaT
     * is null). An array of no dimensions becomes a {@code Double}, a {@code String} and so on.
     *
     * @throws NpzException VALUE when the one value of no dimensions is NaT
     * @throws IllegalArgumentException when the class is none of these
     */
    public <T> T to(Class<T> javaClass) throws NpzException {
        return javaClass.cast(JavaArrays.nested(this, javaClass));
    }

    /**
     * One field of a record array. A field that is an array itself adds its dimensions behind those of the records. Its
     * elements come together, by a copy, when they are read. It lives as long as this array.
     *
     * @throws NpzException ARRAY_DTYPE when there is no such field; ARRAY_SHAPE when the records lie in Fortran order
     *     and the field is an array, so that its elements would lie in neither order
     */
    public NumpyArray field(String name) throws NpzException {
        return ArrayViews.field(this, name);
    }

    NpzException wrongDtype(String expected) {
        return wrongDtype(expected, Reordered.remedy(dtype()));
    }

    NpzException wrongDtype(String expected, @Nullable String remedy) {
        NpzException.Builder error = location()
                .error(ErrorCode.ARRAY_DTYPE, "the array is of another dtype")
                .expected(expected)
                .found(SafeText.escape(toString()));
        return remedy == null ? error.build() : error.remedy(remedy).build();
    }

    NpzException wrongShape(String expected) {
        return location()
                .fault(ErrorCode.ARRAY_SHAPE, "the array is of another shape", expected, SafeText.escape(toString()));
    }

    /** Emits the element bytes as they are in the file, and then looks whether that still is what was opened. */
    @Override
    public void writeTo(ByteSink sink) throws NpzException {
        long size = data.size();
        long step = data instanceof StridedSource ? GATHERED_AT_ONCE : AT_ONCE;
        for (long at = 0; at < size; at += step) {
            long count = Math.min(step, size - at);
            try (ArrowBuf part = region(at, count)) {
                sink.write(part, 0, count);
            }
        }
        data.checkUnchanged();
    }

    /**
     * Gives up file and memory where this array owns them; regions and views live on. May be called more than once.
     */
    @Override
    public void close() {
        if (owned != null) {
            owned.close();
        }
    }

    /** Dtype, shape and order: {@code <f8 (3, 4) C}. */
    @Override
    public String toString() {
        Object meaning = smallFloat == null ? packed : smallFloat.mlName();
        return dtype() + (meaning == null ? "" : " (" + meaning + ")") + " " + shape() + " " + order();
    }
}
