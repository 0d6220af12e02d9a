package org.arrownpz.ipc.internal.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.BufferLayout;
import org.apache.arrow.vector.BufferLayout.BufferType;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.internal.memory.MemoryAccess;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.GatherChecks;
import org.arrownpz.vector.internal.kernel.SwapBytes.Form;
import org.arrownpz.vector.internal.kernel.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one column of one batch, and the checks that every offset, view, size and type code in them points at
 * something (Arrow columnar format, "Physical memory layout").
 */
final class ColumnBuffers {
    private static final ArrowBuf NONE = new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);

    private static final int VIEW_BYTES = 16;
    private static final int TYPE_IDS = 128;

    private final Field field;
    private final ArrowType type;
    private final int length;
    private final Location location;
    private final long offset;
    private final List<ArrowBuf> variadic = new ArrayList<>();
    private final List<Long> childLengths = new ArrayList<>();
    private @Nullable ArrowBuf validity;
    private ArrowBuf offsets = NONE;
    private ArrowBuf sizes = NONE;
    private ArrowBuf types = NONE;
    private ArrowBuf data = NONE;
    private ArrowBuf runEnds = NONE;
    private ArrowBuf runEndsValidity = NONE;

    ColumnBuffers(Field field, int length, Location location, long offset) {
        this.field = field;
        this.type = Storage.of(field.getType());
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
                if (isText() || isBinary()) {
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
        return layout.getType() == BufferType.DATA && (isText() || isBinary()) ? Long.MAX_VALUE : minimum(layout);
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

    void add(BufferLayout layout, ArrowBuf buffer) {
        switch (layout.getType()) {
            case VALIDITY -> validity = buffer.capacity() == 0 ? null : buffer;
            case OFFSET -> offsets = buffer;
            case SIZE -> sizes = buffer;
            case TYPE -> types = buffer;
            default -> data = buffer;
        }
    }

    void addVariadic(ArrowBuf buffer) {
        variadic.add(buffer);
    }

    /** Adds a child that was loaded. */
    void addChild(long childLength, FieldVector child) {
        if (type instanceof ArrowType.RunEndEncoded && childLengths.isEmpty()) {
            runEnds = child.getDataBuffer();
            runEndsValidity = child.getValidityBuffer();
        }
        childLengths.add(childLength);
    }

    /** Without nulls, unions of before Arrow 1.0 are as later ones; Arrow C++, too, refuses the others. */
    void checkOwnBitmap(ArrowBuf bits) throws NpzException {
        if (first(() -> firstNull(bits, length)) >= 0) {
            throw location.error(
                            ErrorCode.VERSION,
                            "column " + SafeText.quote(String.valueOf(field.getName()))
                                    + " has nulls besides those of its values, as unions had before Arrow 1.0")
                    .at(offset)
                    .remedy("Write it with Arrow 1.0 or later")
                    .build();
        }
    }

    void checkValues(boolean text) throws NpzException {
        if (isText() || isBinary()) {
            checkOffsets(data.capacity());
            if (text && isText()) {
                utf8(() -> Utf8.firstInvalid(offsets, width(), data, validity, length));
            }
        } else if (type instanceof ArrowType.Utf8View || type instanceof ArrowType.BinaryView) {
            checkViews(text && type instanceof ArrowType.Utf8View);
        }
    }

    void checkChildren() throws NpzException {
        if (type instanceof ArrowType.List || type instanceof ArrowType.Map || type instanceof ArrowType.LargeList) {
            checkOffsets(childLengths.get(0));
        } else if (type instanceof ArrowType.ListView || type instanceof ArrowType.LargeListView) {
            checkRanges(childLengths.get(0));
        } else if (type instanceof ArrowType.FixedSizeList list) {
            require(childLengths.get(0) >= (long) length * list.getListSize(), "a fixed-size list is short of values");
        } else if (type instanceof ArrowType.Struct) {
            for (long child : childLengths) {
                require(child >= length, "a struct's field is shorter than the struct");
            }
        } else if (type instanceof ArrowType.Union union) {
            checkUnion(union);
        } else if (type instanceof ArrowType.RunEndEncoded) {
            checkRuns();
        }
    }

    private boolean isText() {
        return type instanceof ArrowType.Utf8 || type instanceof ArrowType.LargeUtf8;
    }

    private boolean isBinary() {
        return type instanceof ArrowType.Binary || type instanceof ArrowType.LargeBinary;
    }

    private boolean endsWithOffset() {
        return !(type instanceof ArrowType.ListView
                || type instanceof ArrowType.LargeListView
                || type instanceof ArrowType.Union);
    }

    private boolean isLarge() {
        return type instanceof ArrowType.LargeUtf8
                || type instanceof ArrowType.LargeBinary
                || type instanceof ArrowType.LargeList
                || type instanceof ArrowType.LargeListView;
    }

    private int width() {
        return isLarge() ? 8 : 4;
    }

    private void checkOffsets(long end) throws NpzException {
        good("offsets", () -> GatherChecks.offsets(offsets, length + 1L, width(), end));
    }

    private void checkRanges(long end) throws NpzException {
        good("list views", () -> GatherChecks.listViews(offsets, sizes, length, width(), end));
    }

    private void checkViews(boolean text) throws NpzException {
        long[] lengths = variadic.stream().mapToLong(ArrowBuf::capacity).toArray();
        good("views", () -> GatherChecks.views(data, validity, length, lengths));
        if (text) {
            utf8(() -> Utf8.firstInvalidView(data, variadic, validity, length));
        }
    }

    private void checkUnion(ArrowType.Union union) throws NpzException {
        int[] ids = union.getTypeIds();
        long[] lengths = new long[TYPE_IDS];
        Arrays.fill(lengths, -1);
        for (int i = 0; i < childLengths.size(); i++) {
            int id = ids == null || i >= ids.length ? i : ids[i];
            require(id >= 0 && id < TYPE_IDS, "a union's type code is out of range");
            lengths[id] = childLengths.get(i);
        }
        boolean dense = union.getMode() == UnionMode.Dense;
        for (long child : childLengths) {
            require(dense || child >= length, "a union's child is shorter than the union");
        }
        good("union values", () -> GatherChecks.unionTypes(types, dense ? offsets : null, length, lengths));
    }

    private void checkRuns() throws NpzException {
        require(childLengths.size() == 2, "a run-end encoded column has two children");
        long runs = childLengths.get(0);
        require(childLengths.get(1) >= runs, "a run-end encoded column has fewer values than runs");
        int width = field.getChildren().get(0).getType() instanceof ArrowType.Int ends ? ends.getBitWidth() / 8 : 0;
        require(width == 2 || width == 4 || width == 8, "run ends are no 16, 32 or 64 bit integers");
        good("run ends that are null", () -> firstNull(runEndsValidity, runs));
        good("run ends", () -> GatherChecks.runEnds(runEnds, runs, width, length));
    }

    /** Run ends have no nulls (Arrow columnar format, run-end encoded layout); Arrow's vector throws at one. */
    private static long firstNull(ArrowBuf validity, long count) {
        if (EncodeBits.countZeros(validity, 0, count) == 0) {
            return -1;
        }
        int place = 0;
        while (BitVectorHelper.get(validity, place) == 1) {
            place++;
        }
        return place;
    }

    /** Runs a check that gives the first bad entry, or -1; pages that are gone are FILE_CHANGED. */
    private void good(String what, LongSupplier check) throws NpzException {
        long bad = first(check);
        if (bad >= 0) {
            throw location.error(
                            ErrorCode.META_SCHEMA,
                            "column " + SafeText.quote(String.valueOf(field.getName())) + " has damaged " + what
                                    + " (entry " + bad + ")")
                    .at(offset)
                    .build();
        }
    }

    private void utf8(LongSupplier check) throws NpzException {
        long bad = first(check);
        if (bad >= 0) {
            throw location.error(
                            ErrorCode.VALUE,
                            "column " + SafeText.quote(String.valueOf(field.getName())) + " is not UTF-8 in row " + bad)
                    .at(offset)
                    .build();
        }
    }

    private long first(LongSupplier check) throws NpzException {
        long[] bad = {-1};
        MemoryAccess.guard(location, () -> bad[0] = check.getAsLong());
        return bad[0];
    }

    private void require(boolean condition, String problem) throws NpzException {
        if (!condition) {
            throw location.error(
                            ErrorCode.META_SCHEMA,
                            "column " + SafeText.quote(String.valueOf(field.getName())) + ": " + problem)
                    .at(offset)
                    .build();
        }
    }
}
