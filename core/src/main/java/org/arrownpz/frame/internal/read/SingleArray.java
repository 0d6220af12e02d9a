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
import org.arrownpz.frame.internal.data.FrameSelection;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.data.FrameState.BlockShape;
import org.arrownpz.frame.internal.data.FrameState.Form;
import org.arrownpz.frame.internal.data.SourceList;
import org.arrownpz.frame.internal.data.TablePlan;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.frame.internal.store.ArrayStore.SourceStore;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameSummary.Kind;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;

/** One NPY array as a frame: a column for each column of a 2-D array and each field of 1-D records, else one column. */
final class SingleArray {
    private SingleArray() {}

    /** Reads the array; the source is closed with the frame, or at once on failure. */
    static FrameState read(
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
    static FrameState read(
            BufferAllocator allocator, NumpyArray array, ArrayStore store, ReadOptions options, List<String> given)
            throws NpzException {
        List<String> notes = new ArrayList<>(given);
        if (isEmptyTable(array, options)) {
            notes.add("read as one column of lists, for its "
                    + array.header().shape().length(1) + " columns hold no byte");
        }
        return ColumnLoader.load(allocator, store, options, notes, plan(array, options));
    }

    /** The columns of an array. */
    static TablePlan plan(NumpyArray array, ReadOptions options) throws NpzException {
        Shape shape = array.shape();
        long rows = shape.dimensions() == 0 ? 1 : shape.length(0);
        boolean whole = options.columns() == null && options.positions() == null;
        if (isRecords(array, options)) {
            StructDType record = (StructDType) array.dtype();
            List<String> names =
                    record.fields().stream().map(StructDType.Field::name).toList();
            Form form = new Form(Kind.ARRAY, null, whole ? record : null, null);
            return plan(array, new ColumnSource.OfRecords(array), FrameAxis.ofTexts(names), names, rows, form, options);
        }
        boolean table = isTable(array, options);
        String vectors = options.vectors();
        int width = table ? columnCount(array, options) : 1;
        FrameAxis columns = vectors == null ? FrameAxis.automatic(width) : FrameAxis.ofTexts(List.of(vectors));
        List<String> names = ColumnNames.ofColumns(columns);
        ColumnSource source =
                table ? new ColumnSource.OfBlock(array, names::get) : new ColumnSource.OfArray(array, names.get(0));
        Form form = new Form(
                // A column with a name of the user's choice is written as an array of that name.
                vectors == null ? Kind.ARRAY : Kind.ARRAYS,
                table && whole ? List.of(new BlockShape(width, false)) : null,
                null,
                table && width == 0 ? (ScalarDType) array.dtype() : null);
        return plan(array, source, columns, names, rows, form, options);
    }

    private static TablePlan plan(
            NumpyArray array,
            ColumnSource source,
            FrameAxis columns,
            List<String> names,
            long rows,
            Form form,
            ReadOptions options) {
        int[] selected = FrameSelection.positions(options, names);
        List<ColumnSource> sources = List.of(source);
        return selected == null
                ? TablePlan.of(columns, rows, sources, List.of(array), form)
                : TablePlan.of(
                        columns.select(selected), rows, new SourceList(sources).select(selected), List.of(array), form);
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
}
