package org.arrownpz.frame.internal.read;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.TypeMapping;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.frame.internal.data.BlockShape;
import org.arrownpz.frame.internal.data.ColumnSource;
import org.arrownpz.frame.internal.data.FrameParts;
import org.arrownpz.frame.internal.meta.ColumnNames;
import org.arrownpz.frame.internal.store.ArrayStore;
import org.arrownpz.frame.internal.store.FrameMembers;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameKind;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyArray;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.Shape;
import org.jspecify.annotations.Nullable;

/** One NPY array as a frame: a column for each column of a 2-D array and each field of 1-D records, else one column. */
final class SingleArray {
    private SingleArray() {}

    /** Reads the array; the source is closed with the frame, or at once on failure. */
    static FrameParts read(
            BufferAllocator allocator, ByteSource source, Location location, ReadOptions options, List<String> notes)
            throws NpzException {
        try {
            return MemoryAccess.reading(location, () -> {
                NpyArray array = new NpyHeaderReader(options.limits()).open(source, location, false);
                return read(allocator, array, new SourceStore(source, location), options, notes);
            });
        } catch (NpzException | RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    /** An array of an archive; the store is closed with the frame. */
    static FrameParts read(
            BufferAllocator allocator, NpyArray array, ArrayStore store, ReadOptions options, List<String> given)
            throws NpzException {
        List<String> notes = new ArrayList<>(given);
        Shape shape = array.header().shape();
        long rows = shape.dimensions() == 0 ? 1 : shape.length(0);
        // The storage mapping keeps records whole.
        boolean record = array.header().dtype() instanceof StructDType
                && shape.dimensions() == 1
                && options.typeMapping() == TypeMapping.ARROW;
        if (record) {
            StructDType dtype = (StructDType) array.header().dtype();
            List<String> names = new ArrayList<>();
            dtype.fields().forEach(field -> names.add(field.name()));
            int[] selected = FrameAssembly.selection(options, names);
            ColumnSource source = (reader, ones, from, count, vectors) ->
                    split(reader.readRows(array, "record", from, count), selected, vectors);
            FrameAxis columns = FrameAxis.ofTexts(names);
            FrameParts parts = ColumnLoader.load(
                    allocator,
                    store,
                    options,
                    notes,
                    List.of(source),
                    rows,
                    selected == null ? columns : columns.select(selected),
                    FrameKind.ARRAY,
                    List.of(array));
            parts.record(selected == null ? dtype : null);
            return parts;
        }
        boolean table = shape.dimensions() == 2 && !(array.header().dtype() instanceof StructDType);
        if (table
                && array.header().dataLength() == 0
                && shape.length(1) > options.limits().emptyColumns()) {
            table = false;
            notes.add("read as one column of lists, for its " + shape.length(1) + " columns hold no byte");
        }
        int width = table ? columnCount(array, options) : 1;
        FrameAxis columns = FrameAxis.automatic(width);
        List<String> names = ColumnNames.ofColumns(columns);
        int[] selected = FrameAssembly.selection(options, names);
        ColumnSource source =
                table ? ColumnSource.ofBlock(array, names::get, selected) : ColumnSource.ofArray(array, names.get(0));
        FrameParts parts = ColumnLoader.load(
                allocator,
                store,
                options,
                notes,
                List.of(source),
                rows,
                selected == null ? columns : columns.select(selected),
                FrameKind.ARRAY,
                List.of(array));
        parts.layout(table && selected == null ? List.of(new BlockShape(width, false)) : null);
        parts.emptyType(table && width == 0 ? (ScalarDType) array.header().dtype() : null);
        return parts;
    }

    private static int columnCount(NpyArray array, ReadOptions options) throws NpzException {
        long columns = array.header().shape().length(1);
        if (columns > options.limits().members()) {
            throw array.location()
                    .fault(ErrorCode.LIMIT, "the array has too many columns for a table")
                    .expected("at most " + options.limits().members())
                    .found(columns)
                    .remedy("Raise ReadLimits.withMembers, or read the array with Npy.open")
                    .exception();
        }
        return (int) columns;
    }

    private static void split(FieldVector record, int @Nullable [] selected, List<FieldVector> vectors) {
        try (StructVector struct = (StructVector) record) {
            List<FieldVector> children = struct.getChildrenFromFields();
            int count = selected == null ? children.size() : selected.length;
            for (int i = 0; i < count; i++) {
                FieldVector child = children.get(selected == null ? i : selected[i]);
                FieldVector column = child.getField().createVector(child.getAllocator());
                vectors.add(column);
                child.makeTransferPair(column).transfer();
            }
        }
    }

    /** A store of nothing but the one source, so that the frame closes it. */
    record SourceStore(ByteSource source, Location location) implements ArrayStore {
        @Override
        public boolean contains(String member) {
            return false;
        }

        @Override
        public NpyArray array(String member) {
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
        public void checkUnchanged() throws NpzException {
            ByteSources.checkUnchanged(source);
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
