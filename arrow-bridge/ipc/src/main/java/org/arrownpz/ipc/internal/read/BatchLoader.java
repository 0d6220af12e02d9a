package org.arrownpz.ipc.internal.read;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BufferLayout.BufferType;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.ipc.internal.message.BatchTable;
import org.arrownpz.ipc.internal.message.FileSchema;
import org.arrownpz.support.column.ArrowColumn.Node;
import org.arrownpz.support.column.ColumnAssembler;
import org.arrownpz.support.column.ColumnAssembler.Wanted;
import org.arrownpz.support.column.VectorRows;
import org.jspecify.annotations.Nullable;

/**
 * Loads one record batch into vectors: its buffers are cut from the body, decompressed and checked against the schema,
 * so that reading the vectors cannot leave them. Arrow's own loader believes lengths and offsets. Used once.
 */
public final class BatchLoader implements ColumnAssembler.Parts {
    private static final int MOST_ROWS = Integer.MAX_VALUE - 8;

    private final BatchTable batch;
    private final Body body;
    private final LoadContext context;
    private final long offset;
    private final BufferCutter cutter;
    private final ArrowFieldNode plainNode;
    private final int rows;
    private int nextNode;
    private int nextVariadic;

    /**
     * @param offset of the message in the file, for messages
     * @param tally counts what is viewed and copied, by position of the vector; null where this is not reported
     */
    public BatchLoader(BatchTable batch, Body body, LoadContext context, @Nullable CopyTally tally, long offset)
            throws NpzException {
        this.batch = batch;
        this.body = body;
        this.context = context;
        this.offset = offset;
        if (batch.rows() < 0) {
            throw fault("a record batch has " + batch.rows() + " rows");
        }
        if (batch.rows() > MOST_ROWS) {
            throw context.location()
                    .error(ErrorCode.LIMIT, "a record batch of " + batch.rows() + " rows is too long for Arrow Java")
                    .at(offset)
                    .remedy("Write smaller batches")
                    .build();
        }
        this.rows = (int) batch.rows();
        this.plainNode = new ArrowFieldNode(rows, 0);
        this.cutter = new BufferCutter(batch, body, context, tally, offset);
    }

    /**
     * Loads the columns; what a failure leaves in the vectors is theirs and consistent in each one that was finished.
     *
     * @param fields the columns of the file, in message form
     * @param vectors their vectors, null where a column is not wanted
     * @param positions what each vector is called in the tally
     * @return the number of rows
     */
    public int load(List<Field> fields, List<? extends @Nullable FieldVector> vectors, int @Nullable [] positions)
            throws NpzException {
        try (cutter) {
            for (int i = 0; i < fields.size(); i++) {
                FieldVector vector = vectors.get(i);
                if (vector == null) {
                    skip(fields.get(i));
                    continue;
                }
                cutter.startColumn(positions == null ? i : positions[i]);
                if (!(vector instanceof BaseFixedWidthVector fixed) || !loadFixed(fixed)) {
                    long length = context.assembler()
                            .assemble(vector.getField(), vector, this)
                            .length();
                    if (length != rows) {
                        throw fault("a column has " + length + " rows, its batch " + rows);
                    }
                }
            }
        }
        if (nextNode != batch.nodeCount()
                || cutter.position() != batch.bufferCount()
                || nextVariadic != batch.variadicCount()) {
            throw fault("a record batch holds more buffers than its schema");
        }
        return rows;
    }

    /** Steps over the buffers of a column without looking at them. */
    private void skip(Field field) throws NpzException {
        nextNode++;
        if (field.getDictionary() != null) {
            cutter.skip(2);
            return;
        }
        cutter.skip(TypeLayout.getTypeBufferCount(field.getType()));
        ArrowType type = VectorRows.storageType(field.getType());
        cutter.skip(hasOwnBitmap(type) ? 1 : 0);
        if (isView(type)) {
            cutter.skip(variadicCount());
        }
        if (nextNode > batch.nodeCount() || cutter.position() > batch.bufferCount()) {
            throw fault("a record batch holds fewer columns than its schema");
        }
        for (Field child : field.getChildren()) {
            skip(child);
        }
    }

    /** The quick way for numbers of any kind: views. False, and nothing done, where something is out of the ordinary. */
    private boolean loadFixed(BaseFixedWidthVector vector) throws NpzException {
        int width = vector.getTypeWidth();
        int node = nextNode;
        int first = cutter.position();
        if (width == 0
                || cutter.isCompressed()
                || context.writable()
                || context.schema().isBigEndian()
                || !body.isWhole()
                || node >= batch.nodeCount()
                || first + 2 > batch.bufferCount()
                || batch.nodeLength(node) != rows) {
            return false;
        }
        long bitsStart = batch.bufferStart(first);
        long bitsLength = batch.bufferLength(first);
        long start = batch.bufferStart(first + 1);
        long bytes = (long) rows * width;
        long nulls = batch.nodeNulls(node);
        if (!cutter.isWithin(start, batch.bufferLength(first + 1))
                || batch.bufferLength(first + 1) < bytes
                || !cutter.isWithin(bitsStart, bitsLength)) {
            return false;
        }
        if (!body.isAligned(start)) {
            return false;
        }
        long bitmap = (rows + 7L) / Byte.SIZE;
        boolean isWithout = bitsLength == 0;
        if (isWithout ? nulls != 0 : nulls < 0 || nulls > rows || bitsLength < bitmap || !body.isAligned(bitsStart)) {
            return false;
        }
        try (ArrowBuf bits = isWithout ? context.assembler().ones(rows) : body.slice(bitsStart, bitmap);
                ArrowBuf values = body.slice(start, bytes)) {
            vector.loadFieldBuffers(plainNode, List.of(bits, values));
        }
        nextNode++;
        cutter.skip(2);
        cutter.countViewed(bytes);
        return true;
    }

    @Override
    public Node node(Field field, ArrowType type) throws NpzException {
        if (nextNode >= batch.nodeCount()) {
            throw fault("a record batch holds fewer columns than its schema");
        }
        long length = batch.nodeLength(nextNode);
        long nulls = batch.nodeNulls(nextNode++);
        if (length < 0 || length > MOST_ROWS) {
            throw fault("a column of " + length + " values");
        }
        if (nulls < 0 || nulls > length) {
            throw fault("a column of " + length + " values has " + nulls + " nulls");
        }
        Node node = new Node(length, nulls, isView(type) ? variadicCount() : 0);
        if (hasOwnBitmap(type)) {
            requireNoOwnNulls(field, type, node);
        }
        return node;
    }

    /** Without nulls, unions of before Arrow 1.0 are as later ones; Arrow C++, too, refuses the others. */
    private void requireNoOwnNulls(Field field, ArrowType type, Node node) throws NpzException {
        Wanted bitmap = new Wanted(type, BufferType.VALIDITY, 1, (int) node.length());
        try (ArrowBuf bits = validity(bitmap, node)) {
            if (bits.capacity() > 0 && context.assembler().zeros(bits, node.length()) > 0) {
                throw error(
                                ErrorCode.VERSION,
                                field,
                                "has nulls besides those of its values, as unions had before Arrow 1.0")
                        .remedy("Write it with Arrow 1.0 or later")
                        .build();
            }
        }
    }

    @Override
    public ArrowBuf next(Wanted wanted) throws NpzException {
        return cutter.next(wanted);
    }

    @Override
    public NpzException.Builder error(ErrorCode code, Field field, String problem) {
        return context.location()
                .error(code, "column " + SafeText.quote(String.valueOf(field.getName())) + " " + problem)
                .at(offset);
    }

    private static boolean isView(ArrowType type) {
        return type instanceof ArrowType.Utf8View || type instanceof ArrowType.BinaryView;
    }

    /** Whether a column has a bitmap that later versions dropped; Arrow C++ writes it for run ends, too. */
    private boolean hasOwnBitmap(ArrowType type) {
        return batch.isBeforeV5() && (type instanceof ArrowType.Union || type instanceof ArrowType.RunEndEncoded);
    }

    private int variadicCount() throws NpzException {
        if (nextVariadic >= batch.variadicCount()) {
            throw fault("a view column lacks its number of buffers");
        }
        long count = batch.variadic(nextVariadic++);
        if (count < 0 || count > batch.bufferCount() - cutter.position()) {
            throw fault("a view column has " + count + " buffers");
        }
        return (int) count;
    }

    /**
     * The bitmap, if there is one. It decides what is null, whatever the count says: readers that trust the count and
     * readers that trust the bitmap agree on files that are not damaged.
     */
    @Override
    public ArrowBuf validity(Wanted wanted, Node node) throws NpzException {
        ArrowBuf bitmap = cutter.next(wanted);
        if (bitmap.capacity() >= wanted.maximum()) {
            return bitmap;
        }
        bitmap.close();
        if (bitmap.capacity() > 0) {
            throw fault("a validity bitmap is too short for " + node.length() + " values");
        }
        if (node.nullCount() != 0) {
            throw fault("a column has " + node.nullCount() + " nulls but no validity bitmap");
        }
        return bitmap;
    }

    private NpzException fault(String problem) {
        return context.location()
                .error(ErrorCode.META_SCHEMA, problem)
                .at(offset)
                .build();
    }

    /**
     * The needs of loading a batch, besides the batch.
     *
     * @param writable whether vectors may be written to, and so are copies
     * @param text whether the UTF-8 of strings is checked
     * @param schema of the file
     */
    public record LoadContext(
            BufferAllocator allocator,
            ColumnAssembler assembler,
            boolean writable,
            boolean text,
            FileSchema schema,
            Location location) {}
}
