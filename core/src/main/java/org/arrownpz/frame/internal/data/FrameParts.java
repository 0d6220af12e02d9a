package org.arrownpz.frame.internal.data;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.frame.label.Label;
import org.arrownpz.vector.CopyReport;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a frame: readers return it, writers take it, and only the public classes know {@code Frame}. Set
 * while a frame is made, and not changed afterwards. Closing it closes the data.
 */
public final class FrameParts implements AutoCloseable {
    private final BufferAllocator allocator;
    private Supplier<CopyReport> copyReport;
    private FrameSummary.Kind kind = FrameSummary.Kind.FRAME;
    private Label name = Label.NONE;
    private FrameAxis index;
    private FrameAxis columns;
    private FrameData data;
    private long rowCount;
    private boolean uniqueIndex;
    private @Nullable List<BlockShape> layout;
    private @Nullable StructDType record;
    private @Nullable ScalarDType emptyType;
    private Map<String, String> origin = Map.of();

    public FrameParts(
            BufferAllocator allocator, FrameAxis index, FrameAxis columns, FrameData data, CopyReport copyReport) {
        this(allocator, index, columns, data, () -> copyReport);
    }

    public FrameParts(
            BufferAllocator allocator,
            FrameAxis index,
            FrameAxis columns,
            FrameData data,
            Supplier<CopyReport> copyReport) {
        this.allocator = allocator;
        this.index = index;
        this.columns = columns;
        this.data = data;
        this.copyReport = copyReport;
    }

    /** The same facts over the same data, to be changed. */
    public FrameParts copy() {
        return new FrameParts(allocator, index, columns, data, copyReport)
                .kind(kind)
                .name(name)
                .rowCount(rowCount)
                .uniqueIndex(uniqueIndex)
                .layout(layout)
                .record(record)
                .emptyType(emptyType)
                .origin(origin);
    }

    /** The same facts over shared data: each of the two is closed on its own. */
    public FrameParts share() {
        return copy().data(data.share());
    }

    public BufferAllocator allocator() {
        return allocator;
    }

    /** The report as it is now: columns that are made later change it. */
    public CopyReport copyReport() {
        return copyReport.get();
    }

    public FrameParts copyReport(Supplier<CopyReport> value) {
        copyReport = value;
        return this;
    }

    public FrameSummary.Kind kind() {
        return kind;
    }

    public FrameParts kind(FrameSummary.Kind value) {
        kind = value;
        return this;
    }

    public Label name() {
        return name;
    }

    public FrameParts name(Label value) {
        name = value;
        return this;
    }

    public FrameAxis index() {
        return index;
    }

    public FrameParts index(FrameAxis value) {
        index = value;
        return this;
    }

    public FrameAxis columns() {
        return columns;
    }

    public FrameParts columns(FrameAxis value) {
        columns = value;
        return this;
    }

    public FrameData data() {
        return data;
    }

    public FrameParts data(FrameData value) {
        data = value;
        return this;
    }

    public long rowCount() {
        return rowCount;
    }

    public FrameParts rowCount(long value) {
        rowCount = value;
        return this;
    }

    /** Whether no two rows are known to have one label: they were compared, or come from a file of unique ones. */
    public boolean uniqueIndex() {
        return uniqueIndex;
    }

    public FrameParts uniqueIndex(boolean value) {
        uniqueIndex = value;
        return this;
    }

    /** The blocks that the columns stem from; null where writers decide. */
    public @Nullable List<BlockShape> layout() {
        return layout;
    }

    public FrameParts layout(@Nullable List<BlockShape> value) {
        layout = value;
        return this;
    }

    /** The dtype of the record array whose fields are the columns. */
    public @Nullable StructDType record() {
        return record;
    }

    public FrameParts record(@Nullable StructDType value) {
        record = value;
        return this;
    }

    /** The dtype of an array of two dimensions that has no columns. */
    public @Nullable ScalarDType emptyType() {
        return emptyType;
    }

    public FrameParts emptyType(@Nullable ScalarDType value) {
        emptyType = value;
        return this;
    }

    /**
     * Schema-level metadata that belong to the user; among them, the key {@code pandas} of another library. No Schema:
     * its class makes an ObjectMapper when it is loaded.
     */
    public Map<String, String> origin() {
        return origin;
    }

    public FrameParts origin(Map<String, String> value) {
        origin = value;
        return this;
    }

    /** The number of leading vectors that hold index labels. */
    public int indexLevels() {
        return index.storedLevels();
    }

    /** The field names of the columns, without the index levels. */
    public List<String> columnNames() {
        List<String> names = data.names();
        return names.subList(indexLevels(), names.size());
    }

    /** The vectors, index levels first. */
    public List<FieldVector> vectors() throws NpzException {
        return data.vectors();
    }

    public DictionaryProvider dictionaries() throws NpzException {
        return data.dictionaries();
    }

    @Override
    public void close() {
        data.close();
    }

    /**
     * The adjacent columns that one block holds.
     *
     * @param width the number of columns
     * @param flat whether the block is a 1-D array (of one column)
     */
    public record BlockShape(int width, boolean flat) {
        /** One column as a 1-D array. */
        public static final BlockShape COLUMN = new BlockShape(1, true);

        public BlockShape {
            if (width < 0 || (flat && width != 1)) {
                throw new IllegalArgumentException("no block has this shape");
            }
        }
    }
}
