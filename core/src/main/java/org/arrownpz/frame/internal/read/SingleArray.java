package org.arrownpz.frame.internal.read;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.array.Npy;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.frame.internal.data.ColumnSource;
import org.arrownpz.frame.internal.data.FileData.TablePlan;
import org.arrownpz.frame.internal.data.FrameParts;
import org.arrownpz.frame.internal.data.FrameParts.BlockShape;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.frame.internal.store.FrameMembers;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.jspecify.annotations.Nullable;

/** One NPY array as a frame: a column for each column of a 2-D array and each field of 1-D records, else one column. */
final class SingleArray {
    private SingleArray() {}

    /** Reads the array; the source is closed with the frame, or at once on failure. */
    static FrameParts read(
            BufferAllocator allocator, ByteSource source, Location location, ReadOptions options, List<String> notes)
            throws NpzException {
        SourceStore store = new SourceStore(source, location);
        return FrameReader.opened(store, () -> {
            NumpyArray array = new NpyHeaderReader(options.limits())
                    .open(source, location, false)
                    .as(options, Npy.UNNAMED);
            return read(allocator, array, store, options, notes);
        });
    }

    /** An array of an archive; the store is closed with the frame. */
    static FrameParts read(
            BufferAllocator allocator, NumpyArray array, ArrayStore store, ReadOptions options, List<String> given)
            throws NpzException {
        List<String> notes = new ArrayList<>(given);
        boolean table = isTable(array, options);
        if (isEmptyTable(array, options)) {
            notes.add("read as one column of lists, for its "
                    + array.header().shape().length(1) + " columns hold no byte");
        }
        TablePlan plan = plan(array, options);
        // A column with a name of the user's choice is written as an array of that name.
        FrameSummary.Kind kind = options.vectors() == null ? FrameSummary.Kind.ARRAY : FrameSummary.Kind.ARRAYS;
        FrameParts parts = ColumnLoader.load(allocator, store, options, notes, plan, List.of(array), null)
                .kind(kind);
        boolean whole = options.columns() == null && options.positions() == null;
        int width = table ? (int) array.header().shape().length(1) : 1;
        if (isRecords(array, options)) {
            parts.record(whole ? (StructDType) array.header().dtype() : null);
        } else {
            parts.layout(table && whole ? List.of(new BlockShape(width, false)) : null);
            parts.emptyType(table && width == 0 ? (ScalarDType) array.header().dtype() : null);
        }
        return parts;
    }

    /** The columns of an array. */
    static TablePlan plan(NumpyArray array, ReadOptions options) throws NpzException {
        Shape shape = array.header().shape();
        long rows = shape.dimensions() == 0 ? 1 : shape.length(0);
        if (isRecords(array, options)) {
            List<String> names = new ArrayList<>();
            ((StructDType) array.header().dtype()).fields().forEach(field -> names.add(field.name()));
            return TablePlan.of(
                    FrameAxis.ofTexts(names),
                    FrameAssembly.selection(options, names),
                    rows,
                    new ColumnSource.OfRecords(array));
        }
        boolean table = isTable(array, options);
        String vectors = options.vectors();
        FrameAxis columns = vectors == null
                ? FrameAxis.automatic(table ? columnCount(array, options) : 1)
                : FrameAxis.ofTexts(List.of(vectors));
        List<String> names = ColumnNames.ofColumns(columns);
        int[] selected = FrameAssembly.selection(options, names);
        ColumnSource source =
                table ? new ColumnSource.OfBlock(array, names::get) : new ColumnSource.OfArray(array, names.get(0));
        return TablePlan.of(columns, selected, rows, source);
    }

    // The storage mapping keeps records whole.
    private static boolean isRecords(NumpyArray array, ReadOptions options) {
        return array.header().dtype() instanceof StructDType
                && array.header().shape().dimensions() == 1
                && options.typeMapping() == TypeMapping.ARROW
                && options.vectors() == null;
    }

    /** Whether an array is one column as it is: no matrix, whose columns are columns, and no records, whose fields are. */
    static boolean isColumn(NumpyArray array) {
        return array.shape().dimensions() != 2 && array.dtype() instanceof ScalarDType;
    }

    private static boolean isTable(NumpyArray array, ReadOptions options) {
        return array.header().shape().dimensions() == 2
                && options.vectors() == null
                && !(array.header().dtype() instanceof StructDType)
                && !isEmptyTable(array, options);
    }

    /** Whether an array has more columns without a byte than the limits allow. */
    private static boolean isEmptyTable(NumpyArray array, ReadOptions options) {
        Shape shape = array.header().shape();
        return shape.dimensions() == 2
                && !(array.header().dtype() instanceof StructDType)
                && array.header().dataLength() == 0
                && shape.length(1) > options.limits().emptyColumns();
    }

    private static int columnCount(NumpyArray array, ReadOptions options) throws NpzException {
        long columns = array.header().shape().length(1);
        if (columns > options.limits().members()) {
            throw array.location()
                    .error(ErrorCode.LIMIT, "the array has too many columns for a table")
                    .expected("at most " + options.limits().members())
                    .found(columns)
                    .remedy("Raise ReadLimits.withMembers, or read the array with Npy.load")
                    .build();
        }
        return (int) columns;
    }

    /** A store of nothing but the one source, so that the frame closes it. */
    record SourceStore(ByteSource source, Location location) implements ArrayStore {
        @Override
        public boolean contains(String member) {
            return false;
        }

        @Override
        public NumpyArray array(String member) {
            throw new IllegalStateException("a single array has no members");
        }

        @Override
        public byte[] bytes(String member, long limit) {
            throw new IllegalStateException("a single array has no members");
        }

        @Override
        public @Nullable String surplus(FrameMembers expected) {
            return null;
        }

        @Override
        public @Nullable String traffic() {
            return source.traffic();
        }

        @Override
        public void checkUnchanged() throws NpzException {
            source.checkUnchanged();
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
