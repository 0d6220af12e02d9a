package org.arrownpz.support.column;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BufferLayout;
import org.apache.arrow.vector.BufferLayout.BufferType;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.support.column.ArrowColumn.Node;
import org.arrownpz.vector.internal.buffers.ArrowColumnTypes;
import org.arrownpz.vector.internal.buffers.ColumnStructure;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.SwapBytes;
import org.arrownpz.vector.internal.kernel.SwapBytes.Form;
import org.jspecify.annotations.Nullable;

/**
 * Puts vectors together from untrusted buffers, field by field, depth first (Arrow columnar format, "Physical memory
 * layout"): what is loaded has buffers of the lengths that its rows need, and every offset, view, size, type code and run
 * end in them points at something. The vectors hold references of their own; nothing is copied.
 *
 * <p>Used by one thread; may be used for many columns. Closing gives up its bitmaps, not those of vectors.
 */
public final class ColumnAssembler implements AutoCloseable {
    private final @Nullable AllValidBitmaps ones;
    private final boolean exact;
    private final boolean text;
    private final Location location;

    /**
     * Buffers in batches, which may be longer than their rows need.
     *
     * @param writable whether vectors may be written to, so that they must not share bitmaps without nulls
     * @param text whether the UTF-8 of strings is checked
     */
    public ColumnAssembler(BufferAllocator allocator, boolean writable, boolean text, Location location) {
        this(new AllValidBitmaps(allocator, location, writable), false, text, location);
    }

    /**
     * @param ones where bitmaps without nulls come from; null where only counts and lengths are checked
     * @param exact whether children may not be longer than the column needs
     */
    ColumnAssembler(@Nullable AllValidBitmaps ones, boolean exact, boolean text, Location location) {
        this.ones = ones;
        this.exact = exact;
        this.text = text;
        this.location = location;
    }

    /** The stored parts of columns: each method gives the next, checked as far as it alone tells. */
    public interface Parts {
        /**
         * The next node, whose counts can be.
         *
         * @param type the type of storage
         */
        Node node(Field field, ArrowType type) throws NpzException;

        /** The next bitmap, which the caller closes; of no capacity where it is absent and nothing is null. */
        ArrowBuf validity(Wanted wanted, Node node) throws NpzException;

        /** The next buffer, which the caller closes. */
        ArrowBuf next(Wanted wanted) throws NpzException;

        /** An error about a field, in words that follow its name. */
        NpzException.Builder error(ErrorCode code, Field field, String problem);
    }

    /**
     * The requirements on a buffer.
     *
     * @param type the column's type of storage
     * @param buffer the job of the buffer
     * @param bits the width of one of its entries
     * @param rows the number of rows
     */
    public record Wanted(ArrowType type, BufferType buffer, int bits, int rows) {
        private static final int VIEW_BYTES = 16;

        /** The least number of bytes that the buffer must have, before its values are known. */
        public long minimum() {
            long values = rows;
            return switch (buffer) {
                case VALIDITY, VARIADIC_DATA_BUFFERS -> 0;
                case TYPE -> values;
                case VIEWS -> values * VIEW_BYTES;
                case SIZE -> values * bits / Byte.SIZE;
                case OFFSET -> (values + (endsWithOffset() ? 1 : 0)) * bits / Byte.SIZE;
                case DATA -> {
                    if (isVariable()) {
                        yield 0;
                    }
                    // BufferLayout holds the bits in a short, too little for wide binaries.
                    yield type instanceof ArrowType.FixedSizeBinary binary
                            ? values * binary.getByteWidth()
                            : (values * bits + 7) / Byte.SIZE;
                }
            };
        }

        /** The most bytes that the values need; without limit where only values tell. */
        public long maximum() {
            if (buffer == BufferType.VALIDITY) {
                return EncodeBits.bytes(rows);
            }
            return isVariable() ? Long.MAX_VALUE : minimum();
        }

        /** The bytes of the one offset that an empty column has to have, 0 for other buffers. */
        public int emptyOffset() {
            return rows == 0 && buffer == BufferType.OFFSET && endsWithOffset() ? bits / Byte.SIZE : 0;
        }

        /** The dtype of an array that is the buffer. */
        ScalarDType dtype() {
            return switch (buffer) {
                case VALIDITY, VARIADIC_DATA_BUFFERS -> ArrowColumnTypes.BYTES;
                case TYPE -> ScalarDType.of(DTypeKind.INT, 1);
                case VIEWS -> ArrowColumnTypes.VIEW;
                case OFFSET, SIZE -> bits == Long.SIZE ? ArrowColumnTypes.INT64 : ArrowColumnTypes.INT32;
                case DATA -> {
                    ScalarDType fixed = ArrowColumnTypes.fixed(type);
                    yield fixed == null ? ArrowColumnTypes.BYTES : fixed;
                }
            };
        }

        /** Turns the order of bytes of what is in the buffer. */
        public void turn(ArrowBuf values) {
            SwapBytes.turn(values, form());
        }

        /** Whether the buffer has an order of bytes. */
        public boolean hasOrder() {
            return form() != Form.BYTES;
        }

        private Form form() {
            return switch (buffer) {
                case VALIDITY, TYPE, VARIADIC_DATA_BUFFERS -> Form.BYTES;
                case VIEWS -> Form.VIEW;
                case OFFSET, SIZE -> Form.ofWidth(bits / Byte.SIZE);
                case DATA -> {
                    if (type instanceof ArrowType.Interval interval && interval.getUnit() != IntervalUnit.YEAR_MONTH) {
                        yield interval.getUnit() == IntervalUnit.DAY_TIME ? Form.FOUR : Form.MONTH_DAY_NANO;
                    }
                    yield type instanceof ArrowType.FixedSizeBinary ? Form.BYTES : Form.ofWidth(bits / Byte.SIZE);
                }
            };
        }

        private boolean isVariable() {
            return buffer == BufferType.VARIADIC_DATA_BUFFERS
                    || buffer == BufferType.DATA
                            && switch (type.getTypeID()) {
                                case Utf8, LargeUtf8, Binary, LargeBinary -> true;
                                default -> false;
                            };
        }

        private boolean endsWithOffset() {
            return !(type instanceof ArrowType.ListView
                    || type instanceof ArrowType.LargeListView
                    || type instanceof ArrowType.Union);
        }
    }

    /** A bitmap of so many rows without nulls, which the caller closes. */
    public ArrowBuf ones(int rows) throws NpzException {
        if (ones == null) {
            throw new IllegalStateException("Only headers are checked");
        }
        return ones.forRows(rows);
    }

    /** The number of zeros among the first bits; pages that are gone are FILE_CHANGED. */
    public long zeros(ArrowBuf bits, long count) throws NpzException {
        return MemoryAccess.guarded(location, () -> EncodeBits.countZeros(bits, 0, count));
    }

    /**
     * Loads a vector and its children.
     *
     * @return the vector's node
     * @throws NpzException as the parts throw, and with their errors where a column's parts do not fit each other;
     *     FILE_CHANGED when the mapped file was cut short
     */
    public Node assemble(Field field, FieldVector vector, Parts parts) throws NpzException {
        ArrowType type = Storage.of(field.getType());
        Node node = parts.node(field, type);
        int rows = (int) node.length();
        List<ArrowBuf> buffers = new ArrayList<>();
        try {
            ArrowBuf validity = null;
            for (BufferLayout layout : TypeLayout.getTypeLayout(type).getBufferLayouts()) {
                Wanted wanted = new Wanted(type, layout.getType(), layout.getTypeBitWidth(), rows);
                boolean isBitmap = layout.getType() == BufferType.VALIDITY;
                ArrowBuf buffer = isBitmap ? parts.validity(wanted, node) : parts.next(wanted);
                if (isBitmap && buffer.capacity() > 0) {
                    validity = buffer;
                } else if (isBitmap && rows > 0 && ones != null) {
                    buffer.close();
                    buffer = ones.forRows(rows);
                }
                buffers.add(buffer);
            }
            for (int i = 0; i < node.dataBuffers(); i++) {
                buffers.add(parts.next(new Wanted(type, BufferType.VARIADIC_DATA_BUFFERS, Byte.SIZE, rows)));
            }
            if (ones != null) {
                vector.loadFieldBuffers(new ArrowFieldNode(rows, node.nullCount()), buffers);
            }
            List<Field> fields = field.getChildren();
            List<FieldVector> children = vector.getChildrenFromFields();
            if (children.size() != fields.size()) {
                throw parts.error(ErrorCode.META_SCHEMA, field, "has children that Arrow Java cannot tell apart")
                        .build();
            }
            Node[] nodes = new Node[fields.size()];
            for (int i = 0; i < nodes.length; i++) {
                nodes[i] = assemble(fields.get(i), children.get(i), parts);
            }
            check(new Column(field, rows, validity, buffers, children, nodes), parts);
        } finally {
            buffers.forEach(ArrowBuf::close);
        }
        if (ones != null) {
            FieldVector storage = Storage.of(vector);
            VectorSlices.countRows(storage, rows);
            if (storage instanceof RunEndEncodedVector) {
                storage.setValueCount(rows);
            }
        }
        return node;
    }

    @SuppressWarnings("ArrayRecordComponent") // Only read.
    private record Column(
            Field field,
            int rows,
            @Nullable ArrowBuf validity,
            List<ArrowBuf> buffers,
            List<FieldVector> children,
            Node[] nodes) {}

    private void check(Column column, Parts parts) throws NpzException {
        Node[] nodes = column.nodes;
        ArrowBuf runEnds = null;
        if (Storage.of(column.field.getType()) instanceof ArrowType.RunEndEncoded) {
            FieldVector ends = column.children.get(0);
            // Run ends have no nulls (Arrow columnar format, run-end encoded layout); Arrow's vector throws at one.
            long nulls = ones == null ? nodes[0].nullCount() : zeros(ends.getValidityBuffer(), nodes[0].length());
            if (nulls != 0) {
                throw parts.error(ErrorCode.META_SCHEMA, column.field, "has run ends that are null")
                        .build();
            }
            runEnds = ends.getDataBuffer();
        }
        long[] lengths = new long[nodes.length];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = nodes[i].length();
        }
        ColumnStructure structure =
                new ColumnStructure(column.field, column.rows, column.validity, column.buffers, lengths, runEnds);
        String fault = structure.lengthFault(exact);
        if (fault == null && ones != null) {
            fault = MemoryAccess.<@Nullable String>guarded(location, structure::entryFault);
        }
        if (fault != null) {
            throw parts.error(ErrorCode.META_SCHEMA, column.field, fault).build();
        }
        long bad = text ? MemoryAccess.guarded(location, structure::firstInvalidText) : -1;
        if (bad >= 0) {
            throw parts.error(ErrorCode.VALUE, column.field, "is not UTF-8 in row " + bad)
                    .build();
        }
    }

    @Override
    public void close() {
        if (ones != null) {
            ones.close();
        }
    }
}
