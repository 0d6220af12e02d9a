package org.arrownpz.frame.internal.write;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.frame.internal.data.FrameData;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.data.FrameState.BlockShape;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.io.ByteSink;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.npz.NpzWriter;
import org.arrownpz.support.Faults;
import org.arrownpz.vector.NumpyMetadata;
import org.arrownpz.vector.WriteReport;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.encode.BlockContent;
import org.arrownpz.vector.internal.encode.ColumnEncoder;
import org.arrownpz.vector.internal.encode.ColumnEncoding;
import org.jspecify.annotations.Nullable;

/** Writes what NumPy reads without StaticFrame: archives with an array per column, and single arrays. */
final class ArrayWriter {
    private final FrameState frame;
    private final List<List<FieldVector>> columns;
    private final Path target;
    private final WriteOptions options;
    private final List<ColumnEncoding> encodings;

    ArrayWriter(FrameState frame, List<List<FieldVector>> columns, Path target, WriteOptions options)
            throws NpzException {
        this.frame = frame;
        this.columns = columns;
        this.target = target;
        this.options = options;
        this.encodings = ColumnEncoder.planAll(columns, options, false);
    }

    /** Whether each column can be one array: it has no nulls, and a type that NumPy has. */
    boolean holdsAll() {
        return encodings.stream()
                .allMatch(encoding -> encoding instanceof ColumnEncoding.Numpy numpy && !numpy.needsValidity());
    }

    /**
     * A plain archive.
     *
     * @throws IllegalArgumentException when a column cannot be one array
     */
    WriteReport archive() throws NpzException {
        refuse("write a frame instead");
        List<WriteReport.Column> report = new ArrayList<>();
        try (NpzWriter writer = NpzWriter.create(target, options)) {
            if (frame.form().emptyType() != null && encodings.isEmpty()) {
                // The name that np.savez gives to the first array without one.
                write(writer, "arr_0", empty());
            }
            for (int i = 0; i < encodings.size(); i++) {
                BlockContent.Column part = part(i);
                ArrayContent content = BlockContent.ofColumn(part);
                write(writer, name(i), content);
                report.add(report(i, content.byteLength()));
            }
            frame.data().checkUnchanged();
            writer.finish();
        }
        return new WriteReport(report, List.of());
    }

    private static void write(NpzWriter writer, String name, ArrayContent content) throws NpzException {
        byte[] header = NpyHeaderWriter.numpy(content.dtype(), content.shape(), content.order());
        writer.array(name + ".npy", header, content);
    }

    private BlockContent.Column part(int column) {
        return new BlockContent.Column((ColumnEncoding.Numpy) encodings.get(column), columns.get(column));
    }

    private String name(int column) {
        return columns.get(column).get(0).getName();
    }

    private WriteReport.Column report(int column, long bytes) {
        long nulls = columns.get(column).stream()
                .mapToLong(FieldVector::getNullCount)
                .sum();
        return encodings.get(column).report(name(column), nulls, bytes);
    }

    /** The array of which a frame without columns was read. */
    private ArrayContent empty() {
        ScalarDType dtype = frame.form().emptyType();
        if (dtype == null) {
            throw new IllegalArgumentException("a frame without columns is no array; write an .npz file instead");
        }
        return ArrayContent.of(ByteBuffer.allocate(0), dtype, Shape.of(frame.rowCount(), 0));
    }

    /**
     * One array: the only column as itself, columns of one dtype as two dimensions, others as a record array.
     *
     * @throws IllegalArgumentException when a column cannot be part of one array
     */
    WriteReport single() throws NpzException {
        refuse("write an .npz file instead");
        List<WriteReport.Column> report = new ArrayList<>();
        List<BlockContent.Column> parts = new ArrayList<>();
        boolean uniform = true;
        for (int i = 0; i < encodings.size(); i++) {
            BlockContent.Column part = part(i);
            parts.add(part);
            uniform &= part.encoding().sameBlock(parts.get(0).encoding());
            report.add(report(
                    i, Math.multiplyExact(part.rows(), part.encoding().dtype().itemSize())));
        }
        if (parts.isEmpty()) {
            save(empty());
        } else if (!isRecord() && parts.size() == 1 && isFlat(frame.form().layout())) {
            save(BlockContent.ofColumn(parts.get(0)));
        } else if (!isRecord() && uniform) {
            save(BlockContent.block(parts, order()));
        } else {
            record(parts);
        }
        return new WriteReport(report, List.of());
    }

    /** The order of the array that columns stem from; column by column where there is none. */
    private StorageOrder order() {
        List<NumpyArray> blocks = frame.data().blocks();
        return blocks.size() == 1 && frame.form().kind() == FrameSummary.Kind.ARRAY
                ? blocks.get(0).order()
                : StorageOrder.FORTRAN;
    }

    // A column of its own is an array of one dimension, but for one that was a block of two.
    private static boolean isFlat(@Nullable List<BlockShape> layout) {
        return layout == null || layout.equals(List.of(BlockShape.COLUMN));
    }

    // A record array comes back as one, also when it has one field, or fields of one dtype.
    private boolean isRecord() {
        StructDType record = frame.form().record();
        return record != null
                && frame.indexLevels() == 0
                && frame.columnNames()
                        .equals(record.fields().stream()
                                .map(StructDType.Field::name)
                                .collect(Collectors.toList()));
    }

    private void refuse(String remedy) {
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < encodings.size(); i++) {
            String name = SafeText.quote(name(i));
            if (encodings.get(i) instanceof ColumnEncoding.Buffers buffers) {
                refused.add(name + " (" + buffers.reason() + ")");
            } else if (((ColumnEncoding.Numpy) encodings.get(i)).needsValidity()) {
                refused.add(name + " (it holds nulls)");
            }
        }
        if (!refused.isEmpty()) {
            throw new IllegalArgumentException("NumPy arrays cannot hold "
                    + refused.stream().limit(20).collect(Collectors.joining(", ")) + "; " + remedy);
        }
    }

    // A struct over the columns' own memory, which the encoder of records interleaves.
    private void record(List<BlockContent.Column> parts) throws NpzException {
        List<StructDType.Field> fields = new ArrayList<>();
        List<Field> children = new ArrayList<>();
        long offset = 0;
        for (int i = 0; i < parts.size(); i++) {
            Field field = columns.get(i).get(0).getField();
            if (field.getName().isEmpty()) {
                throw new IllegalArgumentException(
                        "a field of a record array has a name, which a column lacks; write an .npz file instead");
            }
            DType dtype = parts.get(i).encoding().rowType();
            fields.add(new StructDType.Field(
                    field.getName(), field.getMetadata().get(NumpyMetadata.TITLE), dtype, offset));
            offset = Math.addExact(offset, dtype.itemSize());
            children.add(field);
        }
        // The dtype that was read knows the padding; the encoder drops it where a column has another type by now.
        StructDType known = frame.form().record();
        String descr = known != null && isRecord() ? known.descr() : new StructDType(fields, offset).descr();
        FieldType type = new FieldType(true, new ArrowType.Struct(), null, Map.of(NumpyMetadata.DTYPE, descr));
        Field record = new Field("record", type, children);
        int rows = Math.toIntExact(frame.rowCount());
        try (StructVector struct = (StructVector) record.createVector(frame.allocator())) {
            for (int i = 0; i < parts.size(); i++) {
                List<FieldVector> chunks = columns.get(i);
                if (chunks.size() != 1) {
                    throw new IllegalArgumentException("a record array is written from one batch");
                }
                Location location = frame.data().location();
                try (FieldVector share = VectorSlices.share(chunks, frame.allocator(), 0, rows, location)
                        .get(0)) {
                    share.makeTransferPair(struct.getChildrenFromFields().get(i))
                            .transfer();
                }
            }
            for (int row = 0; row < rows; row++) {
                struct.setIndexDefined(row);
            }
            struct.setValueCount(rows);
            ColumnEncoding encoding = ColumnEncoder.plan(List.of(struct), options, false);
            if (!(encoding instanceof ColumnEncoding.Numpy numpy)) {
                throw new IllegalArgumentException("the columns do not make up a record array: " + encoding);
            }
            save(BlockContent.array(new BlockContent.Column(numpy, List.of(struct)), StorageOrder.C));
        } catch (OutOfMemoryException e) {
            throw Faults.limit(Location.ofFile(target.toString()), "for a record array", e);
        }
    }

    /** Saves content, and then looks whether the file it comes from still is what was opened. */
    private void save(ArrayContent content) throws NpzException {
        WholeArrays.save(target, new Checked(content, frame.data()), options);
    }

    private record Checked(ArrayContent content, FrameData data) implements ArrayContent {
        @Override
        public DType dtype() {
            return content.dtype();
        }

        @Override
        public Shape shape() {
            return content.shape();
        }

        @Override
        public StorageOrder order() {
            return content.order();
        }

        @Override
        public void writeTo(ByteSink sink) throws NpzException {
            content.writeTo(sink);
            data.checkUnchanged();
        }
    }
}
