package org.arrownpz.frame.internal.write;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.internal.data.FrameState;
import org.arrownpz.frame.internal.data.FrameState.BlockShape;
import org.arrownpz.frame.internal.data.UniqueLabels;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.internal.read.ArrowExtension;
import org.arrownpz.frame.internal.store.ArraySinkFactory.ArraySink;
import org.arrownpz.frame.internal.store.FrameMembers;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameAxis.AxisType;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.vector.WriteReport;
import org.arrownpz.vector.internal.buffers.ArrowColumnBuffer;
import org.arrownpz.vector.internal.encode.BlockContent;
import org.arrownpz.vector.internal.encode.ColumnEncoder;
import org.arrownpz.vector.internal.encode.ColumnEncoding;
import org.jspecify.annotations.Nullable;

/**
 * Writes StaticFrame's layout: index levels, column labels, blocks, Arrow members where there are any, metadata last.
 * Adjacent columns of one dtype share a Fortran-order block, unless the frame remembers the blocks it was read from.
 */
public final class FrameWriter {
    private final FrameState frame;
    private final List<List<FieldVector>> chunks;
    private final ArraySink sink;
    private final int levels;
    private final List<ColumnEncoding> encodings;
    private final long[] bytes;
    /** Of columns that were written as blocks. */
    private final @Nullable String[] names;

    private final ArrowMembers arrow;
    private final @Nullable LaterBlocks later;

    FrameWriter(FrameState frame, WriterChoice.Columns columns, ArraySink sink, WriteOptions options)
            throws NpzException {
        this(frame, columns.chunks(), ColumnEncoder.planAll(columns.chunks(), options, true), sink, null);
    }

    /**
     * A writer of a frame whose elements come later.
     *
     * @param samples vectors without rows, of the columns' fields
     * @param encodings encodings of the samples, all of them blocks
     */
    FrameWriter(
            FrameState frame,
            List<List<FieldVector>> samples,
            List<ColumnEncoding> encodings,
            ArraySink sink,
            @Nullable LaterBlocks later) {
        this.frame = frame;
        this.chunks = samples;
        this.sink = sink;
        this.levels = frame.indexLevels();
        this.encodings = new ArrayList<>(encodings);
        this.bytes = new long[chunks.size()];
        this.names = new String[chunks.size()];
        this.later = later;
        this.arrow = new ArrowMembers(
                frame,
                chunks,
                sink,
                column -> later == null ? ArrowColumnBuffer.validity(chunks.get(column)) : later.validity(column));
    }

    /** Blocks whose places are known before their elements are. */
    interface LaterBlocks {
        /** Leaves room for a block of some columns, or for the array of one. */
        void reserve(String member, List<Integer> columns, boolean flat) throws NpzException;

        /** Writes all elements, and returns what became of each column. */
        List<ColumnEncoding> fill() throws NpzException;

        /** The bitmap of a column with nulls, after {@link #fill}. */
        ArrayContent validity(int column);
    }

    WriteReport write() throws NpzException {
        String hiding = whyIndexIsHidden();
        boolean indexVisible = hiding == null;
        if (hiding == null) {
            for (int level = 0; level < levels; level++) {
                block(FrameMembers.indexLevel(level), List.of(level), true);
            }
        } else {
            for (int level = 0; level < levels; level++) {
                if (encodings.get(level) instanceof ColumnEncoding.Numpy) {
                    encodings.set(level, new ColumnEncoding.Buffers(hiding));
                }
            }
        }
        List<Integer> visible = new ArrayList<>();
        for (int column = 0; column < encodings.size(); column++) {
            if (column >= levels && encodings.get(column) instanceof ColumnEncoding.Numpy) {
                visible.add(column);
            }
        }
        FrameAxis columns = frame.columns();
        boolean hidden = visible.size() < encodings.size() - levels;
        FrameAxis shown = hidden ? shown(columns, visible, levels) : columns;
        writeLabels(shown, false);
        int blocks = writeBlocks(visible, hidden);
        if (later != null) {
            List<ColumnEncoding> filled = later.fill();
            for (int column = 0; column < filled.size(); column++) {
                encodings.set(column, filled.get(column));
            }
        }
        JsonNode arrowNode = null;
        if (!indexVisible || isExtended()) {
            if (hidden) {
                writeLabels(columns, true);
            }
            arrowNode = arrow.write(encodings, bytes, indexVisible, hidden);
        }
        AxisType index = indexVisible
                ? frame.index().type()
                : FrameAxis.automatic(frame.rowCount()).type();
        FrameMetadata metadata = new FrameMetadata(frame.name(), index, shown.type(), blocks, arrowNode);
        sink.bytes(FrameMetadata.MEMBER, metadata.toJson().getBytes(StandardCharsets.US_ASCII));
        // Counting nulls reads bitmaps, which may lie in a file: before it is asked whether that is still the same.
        WriteReport report = report();
        MemoryAccess.deliverFaults();
        frame.data().checkUnchanged();
        sink.finish();
        return report;
    }

    /** Whether the blocks' dtypes alone do not bring the schema back. */
    private boolean isExtended() {
        // Blocks and index levels state the rows: without any, StaticFrame's layout forgets them.
        boolean extended = !frame.origin().isEmpty() || encodings.isEmpty() && frame.rowCount() > 0;
        for (ColumnEncoding encoding : encodings) {
            extended |=
                    !(encoding instanceof ColumnEncoding.Numpy numpy) || numpy.needsValidity() || !numpy.exactType();
        }
        return extended;
    }

    // Labels are unique and never null in StaticFrame: levels that need a bitmap are none that it can show.
    private @Nullable String whyIndexIsHidden() throws NpzException {
        for (int level = 0; level < levels; level++) {
            if (!(encodings.get(level) instanceof ColumnEncoding.Numpy numpy) || numpy.needsValidity()) {
                return "a level of its index holds what NumPy cannot";
            }
        }
        boolean unique = frame.uniqueIndex()
                || UniqueLabels.areIn(
                        chunks.subList(0, levels),
                        frame.allocator(),
                        frame.data().location());
        return unique ? null : "labels of its index repeat, which StaticFrame refuses";
    }

    // Positions keep the meaning of automatic labels, so that those of a selection stay automatic too.
    private static FrameAxis shown(FrameAxis columns, List<Integer> visible, int levels) {
        int[] positions = new int[visible.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = visible.get(i) - levels;
        }
        return columns.isAuto() ? FrameAxis.automatic(columns.type(), positions.length) : columns.select(positions);
    }

    private void writeLabels(FrameAxis columns, boolean all) throws NpzException {
        for (int level = 0; level < columns.labels().size(); level++) {
            ArrayContent content = columns.labels().get(level).content();
            String member = all ? ArrowExtension.labelMember(level) : FrameMembers.columnLevel(level);
            sink.array(member, header(content), content);
        }
    }

    private int writeBlocks(List<Integer> visible, boolean hidden) throws NpzException {
        List<BlockShape> layout = hidden ? null : layoutThatFits(visible);
        int block = 0;
        int next = 0;
        if (layout != null) {
            for (BlockShape shape : layout) {
                if (shape.width() > 0) {
                    block(FrameMembers.block(block++), visible.subList(next, next + shape.width()), shape.flat());
                    next += shape.width();
                }
            }
            return block;
        }
        while (next < visible.size()) {
            int end = next + 1;
            while (end < visible.size() && numpy(visible.get(end)).sameBlock(numpy(visible.get(next)))) {
                end++;
            }
            block(FrameMembers.block(block++), visible.subList(next, end), end == next + 1);
            next = end;
        }
        return block;
    }

    private @Nullable List<BlockShape> layoutThatFits(List<Integer> visible) {
        List<BlockShape> layout = frame.form().layout();
        if (layout == null) {
            return null;
        }
        int next = 0;
        for (BlockShape shape : layout) {
            for (int i = next; i < next + shape.width(); i++) {
                if (i >= visible.size() || !numpy(visible.get(i)).sameBlock(numpy(visible.get(next)))) {
                    return null;
                }
            }
            next += shape.width();
        }
        return next == visible.size() ? layout : null;
    }

    private ColumnEncoding.Numpy numpy(int column) {
        return (ColumnEncoding.Numpy) encodings.get(column);
    }

    private void block(String member, List<Integer> columns, boolean flat) throws NpzException {
        if (later != null) {
            for (int column : columns) {
                bytes[column] = Math.multiplyExact(
                        frame.rowCount(), numpy(column).dtype().itemSize());
            }
            later.reserve(member, columns, flat);
            return;
        }
        ArrayContent content;
        if (flat) {
            content = BlockContent.array(part(columns.get(0)), StorageOrder.FORTRAN);
        } else {
            List<BlockContent.Column> parts = new ArrayList<>(columns.size());
            for (int column : columns) {
                parts.add(part(column));
            }
            content = BlockContent.block(parts);
        }
        sink.array(member, header(content), content);
    }

    private BlockContent.Column part(int column) {
        ColumnEncoding.Numpy encoding = numpy(column);
        BlockContent.Column part = new BlockContent.Column(encoding, chunks.get(column));
        bytes[column] = Math.multiplyExact(part.rows(), encoding.dtype().itemSize());
        // Now, while the vector is in the cache.
        names[column] = chunks.get(column).get(0).getName();
        return part;
    }

    public static byte[] header(ArrayContent content) {
        return header(content.dtype(), content.shape(), content.order());
    }

    static byte[] header(DType dtype, Shape shape, StorageOrder order) {
        return NpyHeaderWriter.staticFrame((ScalarDType) dtype, shape, NpyHeaderWriter.staticFrameOrder(shape, order));
    }

    private WriteReport report() {
        List<WriteReport.Column> columns = new ArrayList<>(encodings.size());
        for (int column = 0; column < encodings.size(); column++) {
            long nulls = 0;
            if (encodings.get(column) instanceof ColumnEncoding.Numpy numpy) {
                nulls = numpy.nullCount();
            } else {
                for (FieldVector chunk : chunks.get(column)) {
                    nulls += chunk.getNullCount();
                }
            }
            String name = names[column];
            name = name == null ? chunks.get(column).get(0).getName() : name;
            columns.add(encodings.get(column).report(name, nulls, bytes[column]));
        }
        return new WriteReport(columns, List.of());
    }
}
