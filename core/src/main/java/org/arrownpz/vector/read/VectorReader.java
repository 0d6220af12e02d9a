package org.arrownpz.vector.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.MisfitPolicy;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.dtype.DType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.Buffers;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.CopyReport;
import org.arrownpz.vector.internal.gather.Rows;
import org.arrownpz.vector.internal.kernel.DecodeText;
import org.arrownpz.vector.internal.kernel.NatScan;
import org.arrownpz.vector.internal.plan.ColumnPlan;
import org.arrownpz.vector.internal.plan.ColumnPlanner;
import org.jspecify.annotations.Nullable;

/**
 * Reads arrays as vectors: views of the array's bytes where the layout and the {@link TypeMapping} allow it, else
 * copies in allocator memory; the report says which and why. Used by one thread.
 *
 * <p>Vectors belong to the caller, who closes them; they outlive the reader, the source of the array and the validity
 * region. <b>Vectors over a file mapped read-only are immutable: {@code set} on one ends the JVM.</b> Whatever fails,
 * nothing stays allocated.
 *
 * <p>All methods throw {@link NpzException} VALUE for a value that is none of its type, LIMIT where a vector or the
 * allocator cannot hold what is asked for, FILE_CHANGED where a mapped file was cut short, and IO.
 */
public final class VectorReader implements AutoCloseable {
    /** The most rows of one vector, and elements of its lists. */
    public static final int MAX_ROWS = ColumnPlanner.MAX_ROWS;

    /** The most bytes that one request reads. */
    private static final int MAX_READ = 1 << 30;

    /** Of a column, what a page holds. */
    private static final int FEW_BYTES = 4 << 10;

    /** Facts on columns whose types depend on their values. */
    public enum Form {
        /** All values fit the type that the header gives; the policy refuses others. */
        PLANNED,
        /** One does not fit: text and times stay as they are stored. */
        STORAGE,
        /** Texts and bytes are together more than 4-byte offsets reach. */
        LARGE
    }

    static final String BATCH_REMEDY = "Read in batches (reader(batchRows)) or select columns";

    private final BufferAllocator allocator;
    private final ReadOptions options;
    private final CopyReport.@Nullable Builder report;
    private final AllValidBitmaps ones;
    /** Whether the region was made for this reader. */
    private boolean owned;

    private final ColumnBuilder builder;
    private final BlockColumns blocks;
    private final PickedRows picked;
    private final Map<DType, ColumnPlan> elementPlans = new HashMap<>();

    /**
     * A reader.
     *
     * @param allocator where copies go
     * @param options type mapping, NaT and misfit policy, validity isolation
     * @param ones the validity region that vectors share unless {@link ReadOptions#isolatedValidity()}; not owned
     * @param report receives a line per vector, or null
     */
    public VectorReader(
            BufferAllocator allocator, ReadOptions options, AllValidBitmaps ones, CopyReport.@Nullable Builder report) {
        this(allocator, options, ones, report, MAX_ROWS, false);
    }

    /**
     * A reader with a validity region of its own, which {@link #close} gives up: vectors keep what they have of it.
     *
     * @param location the file, for messages
     */
    public VectorReader(BufferAllocator allocator, ReadOptions options, Location location) {
        this(allocator, options, new AllValidBitmaps(allocator, location), null);
        owned = true;
    }

    /**
     * @param maxIntOffset the longest text that 4-byte offsets are used for
     * @param stored whether text and times stay as they are stored
     */
    VectorReader(
            BufferAllocator allocator,
            ReadOptions options,
            AllValidBitmaps ones,
            CopyReport.@Nullable Builder report,
            long maxIntOffset,
            boolean stored) {
        this.allocator = allocator;
        this.options = options;
        this.report = report;
        this.ones = ones;
        this.builder = new ColumnBuilder(allocator, options, ones, maxIntOffset, stored);
        this.picked = new PickedRows(allocator);
        this.blocks = new BlockColumns(this, builder, picked, allocator);
    }

    /** The same reader for columns whose form is known, so that all parts of one have the same type. */
    public VectorReader as(Form form) {
        ReadOptions own = form == Form.PLANNED ? options.withMisfitPolicy(MisfitPolicy.REFUSE) : options;
        return new VectorReader(allocator, own, ones, report, form == Form.LARGE ? -1 : MAX_ROWS, form == Form.STORAGE);
    }

    /**
     * Whether an array is text of nothing but characters that UTF-8 holds, found in one pass over its bytes with a strip of
     * them in memory; false also where only reading would tell.
     */
    public boolean isText(NumpyArray array) throws NpzException {
        if (!array.data().isReadQuickly() || !(elementPlan(array) instanceof ColumnPlan.DecodeText text)) {
            return false;
        }
        AtomicBoolean misfit = new AtomicBoolean();
        long bytes = array.header().dataLength();
        Strips.run(allocator, array, 0, bytes, Strips.BYTES, (strip, at, length) -> {
            if (!DecodeText.isText(strip, length / 4, text.bigEndian())) {
                misfit.set(true);
            }
        });
        return !misfit.get();
    }

    /**
     * The whole array as one vector: its elements for 0-d (one row) and 1-d, records as structs, fixed-size lists of
     * each row's elements for more dimensions.
     */
    public FieldVector read(NumpyArray array, String name) throws NpzException {
        return readRows(array, name, 0, rowCount(array));
    }

    /**
     * A range of the array's first dimension as one vector, otherwise as {@link #read}. A type that depends on the
     * values (text too long for 4-byte offsets, or {@link MisfitPolicy#KEEP_STORAGE}) is decided for the range alone;
     * {@link MisfitPolicy#REFUSE} keeps the types of batches alike.
     *
     * @throws IndexOutOfBoundsException when the range is not within the array
     */
    public FieldVector readRows(NumpyArray array, String name, long fromRow, int rows) throws NpzException {
        return readRows(array, name, Rows.range(fromRow, rows));
    }

    /** {@link #readRows(NumpyArray, String, long, int)} of any rows; those that are no neighbours are copied. */
    public FieldVector readRows(NumpyArray array, String name, Rows rows) throws NpzException {
        NpyHeader header = array.header();
        rows.check(firstLength(header.shape()));
        // Without an object for the call: wide frames come here for each column.
        try {
            try {
                ColumnPlan plan =
                        header.shape().dimensions() < 2 ? elementPlan(array) : ColumnPlanner.plan(array, options);
                return plan instanceof ColumnPlan.Reorder reorder
                        ? reordered(array, reorder, name, rows)
                        : contiguous(array, plan, name, 0, rows);
            } catch (NpzException | RuntimeException e) {
                deliverFaults();
                throw e;
            }
        } catch (InternalError e) {
            throw MemoryAccess.vanished(array.location(), e);
        } catch (OutOfMemoryException | OutOfMemoryError e) {
            throw outOfMemory(array, e);
        }
    }

    /** {@link #readColumns(NumpyArray, IntFunction, int[], long, int)} of all rows. */
    public List<FieldVector> readColumns(NumpyArray array, IntFunction<String> names, int @Nullable [] selected)
            throws NpzException {
        return readColumns(array, names, selected, Rows.range(0, rowCount(array)));
    }

    /**
     * Columns of a 2-D array, one vector each. Columns that are contiguous in the file are viewed; those of a row-major
     * block are transposed together: from 2 MiB on by this thread and, where it has nothing else to do, one of the common
     * pool, unless that is told to have none ({@code -Djava.util.concurrent.ForkJoinPool.common.parallelism=0}). Data of
     * other columns are not touched. An array may have as many columns (as many selected ones) as
     * {@code ReadLimits.members()} says; more are LIMIT.
     *
     * @param names the name of the column at a position of the array
     * @param selected positions in the order wanted, or null for all
     * @return the vectors, each of which the caller closes
     * @throws IllegalArgumentException when the array has other than two dimensions
     * @throws IndexOutOfBoundsException when a position or the range of rows is not within the array
     */
    public List<FieldVector> readColumns(
            NumpyArray array, IntFunction<String> names, int @Nullable [] selected, long fromRow, int rows)
            throws NpzException {
        return readColumns(array, names, selected, Rows.range(fromRow, rows));
    }

    /** {@link #readColumns(NumpyArray, IntFunction, int[], long, int)} of any rows; those that are no neighbours are copied. */
    public List<FieldVector> readColumns(
            NumpyArray array, IntFunction<String> names, int @Nullable [] selected, Rows rows) throws NpzException {
        Shape shape = array.header().shape();
        if (shape.dimensions() != 2) {
            throw new IllegalArgumentException("columns are those of a 2-D array, not of " + shape);
        }
        rows.check(shape.length(0));
        long count = selected == null ? shape.length(1) : selected.length;
        // A column costs memory like a member of an archive does, also when it holds no byte of data.
        if (count > options.limits().members()) {
            throw array.location()
                    .error(ErrorCode.LIMIT, "the array has too many columns")
                    .expected("at most " + options.limits().members())
                    .found(count)
                    .remedy("Select columns or raise ReadLimits.withMembers")
                    .build();
        }
        if (selected != null) {
            for (int column : selected) {
                Objects.checkIndex((long) column, shape.length(1));
            }
        }
        return guarded(array, () -> blocks.read(array, elementPlan(array), names, selected, rows));
    }

    /**
     * The fields of a one-dimensional array of records, one vector each.
     *
     * @param selected positions in the order wanted, or null for all
     * @return the vectors, each of which the caller closes
     */
    public List<FieldVector> readFields(NumpyArray array, int @Nullable [] selected, Rows rows) throws NpzException {
        rows.check(firstLength(array.header().shape()));
        return guarded(array, () -> fields(array, selected, rows));
    }

    private List<FieldVector> fields(NumpyArray array, int @Nullable [] selected, Rows rows) throws NpzException {
        ColumnPlan.SplitStruct plan = (ColumnPlan.SplitStruct) elementPlan(array);
        int count = selected == null ? plan.parts().size() : selected.length;
        long width = plan.width();
        long bytes = Math.multiplyExact(width, (long) rows.count());
        boolean views = rows.isRange() && array.data().views(bytes);
        Cells.Placement placement = views ? Cells.Placement.SOURCE : Cells.Placement.MEMORY;
        List<FieldVector> vectors = new ArrayList<>(count);
        try (Rollback undo = Rollback.all(vectors);
                ArrowBuf region = rows.isRange()
                        ? array.region(rows.first() * width, bytes)
                        : picked.gather(array, 0, width, width, rows)) {
            Cells.Origin origin = row -> rows.at(row) * width;
            Cells records = new Cells(region, 0, width, rows.count(), placement, origin);
            for (int i = 0; i < count; i++) {
                ColumnPlan.SplitStruct.Part part = plan.parts().get(selected == null ? i : selected[i]);
                Tally tally = new Tally(array);
                tally.because(plan.reason());
                vectors.add(finish(part.plan(), records.part(part.offset()), part.name(), tally));
            }
            return undo.commit(vectors);
        }
    }

    /**
     * The whole array as one vector without any copy, whatever its size, in the {@link TypeMapping#STORAGE} form of its
     * elements. C order gives a list for each index of the first dimension. Fortran order, where that differs, gives a
     * list for each index of the <em>last</em> dimension: in two dimensions, a list per column. The field's
     * {@code arrow.fixed_shape_tensor} metadata tell the shape of one list, with the permutation that leads back to
     * logical order where there is one.
     */
    public FieldVector tensor(NumpyArray array, String name) throws NpzException {
        NpyHeader header = array.header();
        return guarded(array, () -> {
            ColumnPlan plan = ColumnPlanner.tensor(array);
            Shape shape = header.shape();
            long lists =
                    ColumnPlanner.rowsContiguous(header) ? firstLength(shape) : shape.length(shape.dimensions() - 1);
            return contiguous(array, plan, name, 0, Rows.range(0, checkRows(array, lists)));
        });
    }

    /**
     * A vector of rows that lie one after the other.
     *
     * @param first where the array's first row begins among its bytes
     */
    FieldVector contiguous(NumpyArray array, ColumnPlan plan, String name, long first, Rows wanted)
            throws NpzException {
        long width = plan.width();
        int rows = wanted.count();
        if (!wanted.isRange()) {
            try (ArrowBuf memory = picked.gather(array, first, width, width, wanted)) {
                Cells.Origin origin = row -> first + wanted.at(row) * width;
                Cells cells = new Cells(memory, 0, width, rows, Cells.Placement.SCRATCH, origin);
                return finish(plan, cells, name, new Tally(array));
            }
        }
        long start = first + wanted.first() * width;
        long bytes = Math.multiplyExact(plan.width(), (long) rows);
        boolean views = array.data().views(bytes);
        if (plan instanceof ColumnPlan.View view && !view.scanNat()) {
            long column = firstLength(array.header().shape()) * width;
            if (views && !Strips.lieApart(array, bytes, FEW_BYTES, column)) {
                return flat(plan, plan.field(name), rows, array.region(start, bytes), array);
            }
            if (array.data().isReadQuickly() && bytes <= MAX_READ) {
                return flat(plan, plan.field(name), rows, builder.read(array, start, bytes), null);
            }
        } else if (Strips.suit(array, bytes)) {
            if (plan instanceof ColumnPlan.PackBits) {
                return flat(plan, plan.field(name), rows, builder.packed(array, start, rows), null);
            }
            Tally tally = new Tally(array);
            VectorParts parts = builder.read(plan, array, start, rows, name, tally);
            if (parts != null) {
                return vector(plan, parts, tally);
            }
        }
        try (ArrowBuf region = array.region(start, bytes)) {
            if (plan instanceof ColumnPlan.PackBits) {
                Field field = plan.field(name);
                return flat(plan, field, rows, builder.packed(region, rows, array), null);
            }
            if (views && plan instanceof ColumnPlan.View && !NatScan.contains(region, 0, rows)) {
                Field field = plan.field(name);
                return flat(plan, field, rows, Buffers.slice(region, 0, bytes), array);
            }
            Cells.Placement placement = views ? Cells.Placement.SOURCE : Cells.Placement.MEMORY;
            Cells.Origin origin = Cells.Origin.strided(start, plan.width());
            Cells cells = new Cells(region, 0, plan.width(), rows, placement, origin);
            return finish(plan, cells, name, new Tally(array));
        }
    }

    /**
     * The short way of {@link #finish} for values that need nothing done and hold no nulls. Takes over the reference of
     * the values, also when it fails.
     *
     * @param viewed the array that the values are a view of, or null for a copy
     */
    FieldVector flat(ColumnPlan plan, Field field, int rows, ArrowBuf values, @Nullable NumpyArray viewed)
            throws NpzException {
        long bytes = values.capacity();
        FieldVector vector = builder.fixedWidth(field, rows, 0, values, null).toVector(allocator);
        if (report != null) {
            String copied = bytes == 0
                    ? null
                    : viewed == null ? Tally.READ : viewed.data().copied();
            String reason = plan.reason() == null ? copied : plan.reason();
            report.column(plan.dtype(), field, copied == null ? bytes : 0, copied == null ? 0 : bytes, reason);
        }
        return vector;
    }

    private FieldVector reordered(NumpyArray array, ColumnPlan.Reorder plan, String name, Rows rows)
            throws NpzException {
        Shape shape = plan.shape();
        long width = array.header().dtype().itemSize();
        long rowBytes = plan.width();
        Tally tally = new Tally(array, logicalByte -> fortranByte(logicalByte, shape, width));
        long bytes = Math.multiplyExact(rowBytes, (long) rows.count());
        try (ArrowBuf target = builder.allocate(bytes, tally, "reordered rows")) {
            picked.reorder(array, shape.lengths(), width, rows, rowBytes, target);
            Cells cells = new Cells(
                    target, 0, rowBytes, rows.count(), Cells.Placement.SCRATCH, row -> rows.at(row) * rowBytes);
            return finish(plan, cells, name, tally);
        }
    }

    /** The place in Fortran order of the byte that C order has at one place. */
    private static long fortranByte(long logicalByte, Shape shape, long width) {
        long element = logicalByte / width;
        long stride = 1;
        long[] strides = new long[shape.dimensions()];
        for (int i = 0; i < strides.length; i++) {
            strides[i] = stride;
            stride *= shape.length(i);
        }
        long position = 0;
        for (int i = strides.length - 1; i >= 0; i--) {
            position += element % shape.length(i) * strides[i];
            element /= shape.length(i);
        }
        return position * width + logicalByte % width;
    }

    /** Builds, reports and returns one vector. The cells stay the caller's. */
    FieldVector finish(ColumnPlan plan, Cells cells, String name, Tally tally) throws NpzException {
        VectorParts parts = builder.build(plan, cells, name, tally);
        try {
            deliverFaults();
        } catch (Throwable failure) {
            parts.release();
            throw failure;
        }
        return vector(plan, parts, tally);
    }

    private FieldVector vector(ColumnPlan plan, VectorParts parts, Tally tally) {
        FieldVector vector = parts.toVector(allocator);
        if (report != null) {
            report.column(plan.dtype(), parts.field(), tally.viewedBytes(), tally.copiedBytes(), tally.reason(plan));
        }
        return vector;
    }

    /** Reports a column that was put together from viewed Arrow buffers. */
    public void viewed(Field field, long bytes) {
        if (report != null) {
            report.column(null, field, bytes, 0, null);
        }
    }

    private ColumnPlan elementPlan(NumpyArray array) throws NpzException {
        if (array.smallFloat() != null || array.packed() != null) {
            return ColumnPlanner.element(array, options);
        }
        DType dtype = array.header().dtype();
        ColumnPlan plan = elementPlans.get(dtype);
        if (plan == null) {
            plan = ColumnPlanner.element(array.location(), dtype, options.typeMapping(), options.natPolicy());
            elementPlans.put(dtype, plan);
        }
        return plan;
    }

    private static long firstLength(Shape shape) {
        return shape.dimensions() == 0 ? 1 : shape.length(0);
    }

    private static int rowCount(NumpyArray array) throws NpzException {
        return checkRows(array, firstLength(array.header().shape()));
    }

    private static int checkRows(NumpyArray array, long rows) throws NpzException {
        if (rows > MAX_ROWS) {
            throw array.location()
                    .error(ErrorCode.LIMIT, "the array has more rows than one vector can hold")
                    .expected("at most " + MAX_ROWS)
                    .found(rows)
                    .remedy(BATCH_REMEDY)
                    .build();
        }
        return (int) rows;
    }

    /**
     * The JVM reports a page that vanished under compiled code some time after the copy that touched it has returned.
     * This makes it happen here.
     */
    static void deliverFaults() {
        MemoryAccess.deliverFaults();
    }

    private static <T> T guarded(NumpyArray array, MemoryAccess.Reading<T> reading) throws NpzException {
        try {
            return MemoryAccess.reading(array.location(), reading);
        } catch (OutOfMemoryException | OutOfMemoryError e) {
            throw outOfMemory(array, e);
        }
    }

    private static NpzException outOfMemory(NumpyArray array, Throwable cause) {
        return array.location()
                .error(ErrorCode.LIMIT, "there is not enough memory for the array's vectors")
                .remedy(BATCH_REMEDY)
                .cause(cause)
                .build();
    }

    @Override
    public void close() {
        if (owned) {
            ones.close();
        }
    }
}
