package org.arrownpz.frame;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.memory.MemoryAccess;
import org.arrownpz.npy.ArrayContent;
import org.arrownpz.npy.NpyHeaderWriter;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.vector.BlockContent;
import org.arrownpz.vector.ColumnEncoder;
import org.arrownpz.vector.ColumnEncoding;
import org.arrownpz.vector.WriteReport;
import org.jspecify.annotations.Nullable;

/**
 * Writes StaticFrame's layout: index levels, column labels, blocks, Arrow members where there are any, metadata last.
 * Adjacent columns of one dtype share a Fortran-order block, unless the frame remembers the blocks it was read from.
 */
final class FrameWriter {
    private final Frame frame;
    private final List<List<FieldVector>> chunks;
    private final ArraySink sink;
    private final int levels;
    private final List<ColumnEncoding> encodings;
    private final long[] bytes;
    private final ArrowMembers arrow;

    FrameWriter(Frame frame, FrameWriters.Columns columns, ArraySink sink, WriteOptions options) throws NpzException {
        this.frame = frame;
        this.chunks = columns.chunks();
        this.sink = sink;
        this.levels = frame.indexLevels();
        this.encodings = new ArrayList<>(ColumnEncoder.planAll(chunks, options, true));
        this.bytes = new long[chunks.size()];
        this.arrow = new ArrowMembers(frame, chunks, sink);
    }

    WriteReport write() throws NpzException {
        boolean indexVisible = isIndexVisible();
        if (indexVisible) {
            for (int level = 0; level < levels; level++) {
                block(FrameMembers.indexLevel(level), List.of(level), true);
            }
        } else {
            for (int level = 0; level < levels; level++) {
                if (encodings.get(level) instanceof ColumnEncoding.Numpy) {
                    encodings.set(level, new ColumnEncoding.Buffers("a level of its index holds what NumPy cannot"));
                }
            }
        }
        List<Integer> visible = new ArrayList<>();
        boolean extension = !indexVisible || !isEmpty(frame.origin().getCustomMetadata());
        for (int column = 0; column < encodings.size(); column++) {
            if (encodings.get(column) instanceof ColumnEncoding.Numpy numpy) {
                if (column >= levels) {
                    visible.add(column);
                }
                extension |= numpy.needsValidity() || !numpy.exactType();
            } else {
                extension = true;
            }
        }
        FrameAxis columns = frame.columns();
        boolean hidden = visible.size() < encodings.size() - levels;
        FrameAxis shown = hidden ? shown(columns, visible, levels) : columns;
        writeLabels(shown, false);
        int blocks = writeBlocks(visible, hidden);
        JsonNode arrowNode = null;
        if (extension) {
            if (hidden) {
                writeLabels(columns, true);
            }
            arrowNode = arrow.write(encodings, bytes, indexVisible, hidden);
        }
        FrameMetadata.Axis index = indexVisible
                ? frame.index().metadata()
                : FrameAxis.automatic(frame.rowCount()).metadata();
        FrameMetadata metadata = new FrameMetadata(frame.name(), index, shown.metadata(), blocks, arrowNode);
        sink.bytes(FrameMetadata.MEMBER, metadata.toJson().getBytes(StandardCharsets.US_ASCII));
        // Counting nulls reads bitmaps, which may lie in a file: before it is asked whether that is still the same.
        WriteReport report = report();
        MemoryAccess.deliverFaults();
        frame.data().checkUnchanged();
        sink.finish();
        return report;
    }

    private static boolean isEmpty(@Nullable Map<String, String> metadata) {
        return metadata == null || metadata.isEmpty();
    }

    // Labels are unique and never null in StaticFrame: levels that need a bitmap are none that it can show.
    private boolean isIndexVisible() {
        for (int level = 0; level < levels; level++) {
            if (!(encodings.get(level) instanceof ColumnEncoding.Numpy numpy) || numpy.needsValidity()) {
                return false;
            }
        }
        return true;
    }

    // Positions keep the meaning of automatic labels, so that those of a selection stay automatic too.
    private static FrameAxis shown(FrameAxis columns, List<Integer> visible, int levels) {
        int[] positions = new int[visible.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = visible.get(i) - levels;
        }
        return columns.isAuto()
                ? new FrameAxis(
                        columns.indexClass(),
                        columns.depth(),
                        columns.levelClasses(),
                        columns.name(),
                        positions.length,
                        true,
                        0,
                        List.of())
                : columns.select(positions);
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
        List<BlockShape> layout = frame.layout();
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
        List<BlockContent.Column> parts = new ArrayList<>(columns.size());
        for (int column : columns) {
            BlockContent.Column part = new BlockContent.Column(numpy(column), chunks.get(column));
            bytes[column] =
                    Math.multiplyExact(part.rows(), numpy(column).dtype().itemSize());
            parts.add(part);
        }
        ArrayContent content =
                flat ? BlockContent.array(parts.get(0), StorageOrder.FORTRAN) : BlockContent.block(parts);
        sink.array(member, header(content), content);
    }

    static byte[] header(ArrayContent content) {
        StorageOrder order = NpyHeaderWriter.staticFrameOrder(content.shape(), content.order());
        return NpyHeaderWriter.staticFrame((ScalarDType) content.dtype(), content.shape(), order);
    }

    private WriteReport report() {
        List<WriteReport.Column> columns = new ArrayList<>(encodings.size());
        for (int column = 0; column < encodings.size(); column++) {
            long nulls = 0;
            for (FieldVector chunk : chunks.get(column)) {
                nulls += chunk.getNullCount();
            }
            String name = chunks.get(column).get(0).getName();
            columns.add(WriteReport.Column.of(name, encodings.get(column), nulls, bytes[column]));
        }
        return new WriteReport(columns, List.of());
    }
}
