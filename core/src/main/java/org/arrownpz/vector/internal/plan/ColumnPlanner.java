package org.arrownpz.vector.internal.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.NatPolicy;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.dtype.SubarrayDType;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.vector.NumpyMetadata;
import org.jspecify.annotations.Nullable;

/** Decides from a header how its array becomes vectors. Stateless, safe for use by several threads. */
public final class ColumnPlanner {
    /** The most rows of one vector, and elements of its lists. */
    public static final int MAX_ROWS = Integer.MAX_VALUE - 8;

    private final Location location;
    private final TypeMapping mapping;
    private final NatPolicy natPolicy;
    /** The meaning of elements that NumPy calls void: parameters of {@code arrow.opaque}. */
    private final @Nullable String opaque;

    private ColumnPlanner(Location location, TypeMapping mapping, NatPolicy natPolicy) {
        this(location, mapping, natPolicy, null);
    }

    private ColumnPlanner(Location location, TypeMapping mapping, NatPolicy natPolicy, @Nullable String opaque) {
        this.location = location;
        this.mapping = mapping;
        this.natPolicy = natPolicy;
        this.opaque = opaque;
    }

    private static ColumnPlanner of(NumpyArray array, ReadOptions options) {
        return new ColumnPlanner(
                array.location(), options.typeMapping(), options.natPolicy(), PlanMetadata.opaque(array));
    }

    /**
     * {@link #plan(Location, NpyHeader, TypeMapping, NatPolicy)} for an array with what is known of its elements. Vectors
     * that are asked for by {@link ReadOptions#vectors()} do not remember Fortran order: they are written as rows.
     */
    public static ColumnPlan plan(NumpyArray array, ReadOptions options) throws NpzException {
        return of(array, options).plan(array.header(), options.vectors() == null);
    }

    /** The plan for the elements of an array. */
    public static ColumnPlan element(NumpyArray array, ReadOptions options) throws NpzException {
        return of(array, options).element(array.dtype(), null);
    }

    /** {@link #planColumns(Location, NpyHeader, TypeMapping, NatPolicy)} for an array with what is known of its elements. */
    public static ColumnPlan planColumns(NumpyArray array, ReadOptions options) throws NpzException {
        return of(array, options).columns(array.header());
    }

    /**
     * The plan for an array as one column: elements for 0-d and 1-d, fixed-size lists of the rest for more dimensions.
     *
     * @throws NpzException LIMIT when one row is longer than a vector's element may be
     */
    public static ColumnPlan plan(Location location, NpyHeader header, TypeMapping mapping, NatPolicy natPolicy)
            throws NpzException {
        return new ColumnPlanner(location, mapping, natPolicy).plan(header, true);
    }

    private ColumnPlan plan(NpyHeader header, boolean keepsOrder) throws NpzException {
        ColumnPlan element = element(header.dtype(), null);
        Shape shape = header.shape();
        if (shape.dimensions() < 2) {
            return element;
        }
        Shape row = Shape.of(Arrays.copyOfRange(shape.lengths(), 1, shape.dimensions()));
        boolean contiguous = rowsContiguous(header);
        ColumnPlan rows = list(header.dtype(), row, element, null, PlanMetadata.tensor(row), keepsOrder && !contiguous);
        return contiguous ? rows : new ColumnPlan.Reorder(rows, shape);
    }

    /**
     * The plan for each column of a 2-D array, all of which are alike.
     *
     * @throws IllegalArgumentException when the array has other than two dimensions
     */
    public static ColumnPlan planColumns(Location location, NpyHeader header, TypeMapping mapping, NatPolicy natPolicy)
            throws NpzException {
        return new ColumnPlanner(location, mapping, natPolicy).columns(header);
    }

    private ColumnPlan columns(NpyHeader header) throws NpzException {
        if (header.shape().dimensions() != 2) {
            throw new IllegalArgumentException("columns are those of a 2-D array, not of " + header.shape());
        }
        ColumnPlan element = element(header.dtype(), null);
        return header.columnsContiguous() ? element : new ColumnPlan.Transpose(element);
    }

    /** The plan for elements of a type. */
    public static ColumnPlan element(Location location, DType dtype, TypeMapping mapping, NatPolicy natPolicy)
            throws NpzException {
        return new ColumnPlanner(location, mapping, natPolicy).element(dtype, null);
    }

    /** The plan for a block as it lies: lists along the first dimension in C order, along the last in Fortran order. */
    public static ColumnPlan tensor(NumpyArray array) throws NpzException {
        NpyHeader header = array.header();
        ColumnPlanner planner = new ColumnPlanner(
                array.location(), TypeMapping.STORAGE, NatPolicy.SENTINEL, PlanMetadata.opaque(array));
        ColumnPlan element = planner.element(header.dtype(), null);
        Shape shape = header.shape();
        int dimensions = shape.dimensions();
        if (dimensions < 2) {
            return element;
        }
        if (rowsContiguous(header)) {
            Shape row = Shape.of(Arrays.copyOfRange(shape.lengths(), 1, dimensions));
            return planner.list(header.dtype(), row, element, null, PlanMetadata.tensor(row), false);
        }
        Shape slab = Shape.of(Arrays.copyOf(shape.lengths(), dimensions - 1));
        String parameters = dimensions == 2 ? PlanMetadata.tensor(slab) : PlanMetadata.reversedTensor(slab);
        return planner.list(header.dtype(), slab, element, null, parameters, false);
    }

    /** Whether rows lie one after the other: C order, or an order that makes no difference. */
    public static boolean rowsContiguous(NpyHeader header) {
        Shape shape = header.shape();
        if (header.order() == StorageOrder.C || shape.elements() == 0) {
            return true;
        }
        int real = 0;
        for (int i = 0; i < shape.dimensions(); i++) {
            real += shape.length(i) > 1 ? 1 : 0;
        }
        return real < 2;
    }

    private ColumnPlan element(DType dtype, @Nullable String title) throws NpzException {
        if (dtype instanceof ScalarDType scalar) {
            ScalarPlans plans = new ScalarPlans(location, natPolicy, title);
            return opaque == null ? plans.plan(scalar, mapping) : plans.opaque(scalar, opaque);
        }
        if (dtype instanceof StructDType struct) {
            return mapping == TypeMapping.ARROW ? struct(struct, title) : storedRecord(struct, title);
        }
        SubarrayDType array = (SubarrayDType) dtype;
        long[] lengths = array.shape().stream().mapToLong(Integer::longValue).toArray();
        Shape shape = Shape.of(lengths);
        return list(array.element(), shape, element(array.element(), null), title, PlanMetadata.tensor(shape), false);
    }

    private ColumnPlan struct(StructDType struct, @Nullable String title) throws NpzException {
        List<ColumnPlan.SplitStruct.Part> parts =
                new ArrayList<>(struct.fields().size());
        for (StructDType.Field field : struct.fields()) {
            ColumnPlan plan = element(field.dtype(), field.title());
            parts.add(new ColumnPlan.SplitStruct.Part(field.name(), field.offset(), plan));
        }
        FieldType type = type(new ArrowType.Struct(), metadata(struct, title));
        return new ColumnPlan.SplitStruct(struct, type, struct.itemSize(), parts);
    }

    private ColumnPlan storedRecord(StructDType struct, @Nullable String title) throws NpzException {
        Map<String, String> metadata = metadata(struct, title);
        if (struct.itemSize() == 0) {
            return new ColumnPlan.StripNul(struct, type(new ArrowType.Binary(), metadata), 0);
        }
        ArrowType binary = new ArrowType.FixedSizeBinary(elementBytes(location, struct));
        return new ColumnPlan.View(struct, type(binary, metadata), struct.itemSize(), false);
    }

    private ColumnPlan list(
            DType dtype,
            Shape shape,
            ColumnPlan element,
            @Nullable String title,
            String tensorParameters,
            boolean fortran)
            throws NpzException {
        long size = 1;
        for (long length : shape.lengths()) {
            size = length == 0 || size == 0 ? 0 : Math.multiplyExact(size, length);
        }
        if (size > MAX_ROWS) {
            throw location.error(ErrorCode.LIMIT, "one row holds more elements than a list of a vector can")
                    .expected("at most " + MAX_ROWS)
                    .found(size)
                    .build();
        }
        Map<String, String> metadata = metadata(dtype, title);
        metadata.put(NumpyMetadata.SHAPE, shape.toString());
        if (fortran) {
            metadata.put(NumpyMetadata.ORDER, "F");
        }
        if (isTensorElement(element)) {
            NumpyMetadata.extension(metadata, NumpyMetadata.TENSOR, tensorParameters);
        }
        return new ColumnPlan.FixedList(
                dtype, type(new ArrowType.FixedSizeList((int) size), metadata), (int) size, element);
    }

    // Readers of the canonical extension expect plain fixed-width values below it.
    private static boolean isTensorElement(ColumnPlan element) {
        ArrowType type = element.type();
        boolean plain = type instanceof ArrowType.Int
                || type instanceof ArrowType.FloatingPoint
                || type instanceof ArrowType.Bool
                || type instanceof ArrowType.Timestamp
                || type instanceof ArrowType.Duration
                || type instanceof ArrowType.Date;
        return plain && !element.fieldType().getMetadata().containsKey(NumpyMetadata.EXTENSION_NAME);
    }

    public static FieldType type(ArrowType type, @Nullable Map<String, String> metadata) {
        return new FieldType(true, type, null, metadata);
    }

    static Map<String, String> metadata(DType dtype, @Nullable String title) {
        Map<String, String> metadata = PlanMetadata.of(dtype);
        if (title != null) {
            metadata.put(NumpyMetadata.TITLE, title);
        }
        return metadata;
    }

    /** The item size as the width of a fixed-size binary. */
    static int elementBytes(Location location, DType dtype) throws NpzException {
        long bytes = dtype.itemSize();
        if (bytes > MAX_ROWS) {
            throw location.error(ErrorCode.LIMIT, "one element is longer than an element of a vector can be")
                    .expected("at most " + MAX_ROWS + " bytes")
                    .found(bytes)
                    .build();
        }
        return (int) bytes;
    }

    static ArrowType floating(long bytes) {
        return new ArrowType.FloatingPoint(
                bytes == 2
                        ? FloatingPointPrecision.HALF
                        : bytes == 4 ? FloatingPointPrecision.SINGLE : FloatingPointPrecision.DOUBLE);
    }

    static boolean isSigned(ScalarDType dtype) {
        return dtype.kind() == DTypeKind.INT;
    }
}
