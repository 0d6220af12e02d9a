package org.arrownpz.ipc.internal.read;

import java.util.List;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BufferLayout;
import org.apache.arrow.vector.BufferLayout.BufferType;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.support.SafeMemory;
import org.arrownpz.support.column.VectorRows;
import org.arrownpz.vector.internal.buffers.ColumnStructure;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.SwapBytes.Form;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one column of one batch, and the checks that every offset, view, size and type code in them points at
 * something (Arrow columnar format, "Physical memory layout").
 */
final class ColumnBuffers {
    private static final int VIEW_BYTES = 16;

    private final Field field;
    private final ArrowType type;
    private final int length;
    private final Location location;
    private final long offset;

    ColumnBuffers(Field field, int length, Location location, long offset) {
        this.field = field;
        this.type = VectorRows.storageType(field.getType());
        this.length = length;
        this.location = location;
        this.offset = offset;
    }

    /** The least number of bytes that a buffer must have, before its values are known. */
    long minimum(BufferLayout layout) {
        long values = length;
        return switch (layout.getType()) {
            case VALIDITY, VARIADIC_DATA_BUFFERS -> 0;
            case TYPE -> values;
            case VIEWS -> values * VIEW_BYTES;
            case SIZE -> values * layout.getTypeBitWidth() / 8;
            case OFFSET -> (values + (endsWithOffset() ? 1 : 0)) * layout.getTypeBitWidth() / 8;
            case DATA -> {
                if (isVariable()) {
                    yield 0;
                }
                // BufferLayout holds the bits in a short, too little for wide binaries.
                yield type instanceof ArrowType.FixedSizeBinary binary
                        ? values * binary.getByteWidth()
                        : (values * layout.getTypeBitWidth() + 7) / 8;
            }
        };
    }

    /** The most bytes that the values need. */
    long maximum(BufferLayout layout) {
        if (layout.getType() == BufferType.VALIDITY) {
            return (length + 7L) / Byte.SIZE;
        }
        return layout.getType() == BufferType.DATA && isVariable() ? Long.MAX_VALUE : minimum(layout);
    }

    /** The bytes of the one offset that an empty column has to have, 0 for other buffers. */
    int offsetsFor(BufferLayout layout) {
        return length == 0 && layout.getType() == BufferType.OFFSET && endsWithOffset()
                ? layout.getTypeBitWidth() / 8
                : 0;
    }

    /** In which units a buffer has an order of bytes. */
    Form form(BufferLayout layout) {
        return switch (layout.getType()) {
            case VALIDITY, TYPE, VARIADIC_DATA_BUFFERS -> Form.BYTES;
            case VIEWS -> Form.VIEW;
            case OFFSET, SIZE -> Form.ofWidth(layout.getTypeBitWidth() / 8);
            case DATA -> {
                if (type instanceof ArrowType.Interval interval && interval.getUnit() != IntervalUnit.YEAR_MONTH) {
                    yield interval.getUnit() == IntervalUnit.DAY_TIME ? Form.FOUR : Form.MONTH_DAY_NANO;
                }
                yield type instanceof ArrowType.FixedSizeBinary
                        ? Form.BYTES
                        : Form.ofWidth(layout.getTypeBitWidth() / 8);
            }
        };
    }

    /** Without nulls, unions of before Arrow 1.0 are as later ones; Arrow C++, too, refuses the others. */
    void checkOwnBitmap(ArrowBuf bits) throws NpzException {
        if (nulls(bits, length) > 0) {
            throw location.error(
                            ErrorCode.VERSION,
                            "column " + SafeText.quote(String.valueOf(field.getName()))
                                    + " has nulls besides those of its values, as unions had before Arrow 1.0")
                    .at(offset)
                    .remedy("Write it with Arrow 1.0 or later")
                    .build();
        }
    }

    /**
     * Checks that all structure points at something, and on demand that texts are UTF-8; pages that are gone are
     * FILE_CHANGED.
     *
     * @param bits the bitmap of the file, or null where it has none
     * @param buffers all of the column
     * @param children the lengths of the children, which are loaded
     */
    void check(@Nullable ArrowBuf bits, List<ArrowBuf> buffers, FieldVector vector, long[] children, boolean text)
            throws NpzException {
        ArrowBuf runEnds = null;
        if (type instanceof ArrowType.RunEndEncoded) {
            FieldVector ends = vector.getChildrenFromFields().get(0);
            // Run ends have no nulls (Arrow columnar format, run-end encoded layout); Arrow's vector throws at one.
            require(nulls(ends.getValidityBuffer(), children[0]) == 0 ? null : "has run ends that are null");
            runEnds = ends.getDataBuffer();
        }
        ColumnStructure structure = new ColumnStructure(field, length, bits, buffers, children, runEnds);
        require(structure.lengthFault(false));
        String[] fault = new String[1];
        SafeMemory.guard(location, () -> fault[0] = structure.entryFault());
        require(fault[0]);
        long bad = text ? first(structure::firstInvalidText) : -1;
        if (bad >= 0) {
            throw location.error(
                            ErrorCode.VALUE,
                            "column " + SafeText.quote(String.valueOf(field.getName())) + " is not UTF-8 in row " + bad)
                    .at(offset)
                    .build();
        }
    }

    private long nulls(ArrowBuf bits, long count) throws NpzException {
        return first(() -> EncodeBits.countZeros(bits, 0, count));
    }

    private boolean isVariable() {
        return switch (type.getTypeID()) {
            case Utf8, LargeUtf8, Binary, LargeBinary -> true;
            default -> false;
        };
    }

    private boolean endsWithOffset() {
        return !(type instanceof ArrowType.ListView
                || type instanceof ArrowType.LargeListView
                || type instanceof ArrowType.Union);
    }

    private long first(LongSupplier check) throws NpzException {
        long[] found = {-1};
        SafeMemory.guard(location, () -> found[0] = check.getAsLong());
        return found[0];
    }

    private void require(@Nullable String fault) throws NpzException {
        if (fault != null) {
            throw location.error(
                            ErrorCode.META_SCHEMA,
                            "column " + SafeText.quote(String.valueOf(field.getName())) + " " + fault)
                    .at(offset)
                    .build();
        }
    }
}
