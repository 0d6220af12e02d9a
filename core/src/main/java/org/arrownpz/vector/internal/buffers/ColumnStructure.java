package org.arrownpz.vector.internal.buffers;

import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.internal.memory.Storage;
import org.arrownpz.vector.internal.kernel.GatherChecks;
import org.arrownpz.vector.internal.kernel.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one column from a file: whether every offset, view, size, type code and run end points at something
 * (Arrow's columnar format, physical layouts). Safe for use by several threads.
 *
 * @param validity the bitmap, or null where nothing is null
 * @param buffers all buffers in the order of the format, none shorter than the rows need
 * @param children the lengths of the children
 * @param runEnds the first child's values where the column is run-end encoded, else any buffer or null
 */
@SuppressWarnings("ArrayRecordComponent") // Only read.
public record ColumnStructure(
        Field field,
        long rows,
        @Nullable ArrowBuf validity,
        List<ArrowBuf> buffers,
        long[] children,
        @Nullable ArrowBuf runEnds) {
    private static final int TYPE_CODES = Byte.MAX_VALUE + 1;

    /**
     * The fault of the children's lengths, in words that follow a column's name; null where there is none.
     *
     * @param exact whether children may not be longer than the column needs
     */
    public @Nullable String lengthFault(boolean exact) {
        ArrowType type = Storage.of(field.getType());
        long wanted = rows;
        if (type instanceof ArrowType.FixedSizeList list) {
            wanted = rows * list.getListSize();
        } else if (type instanceof ArrowType.RunEndEncoded) {
            return children.length == 2 && children[1] >= children[0] ? null : "has run ends without values";
        } else if (!(type instanceof ArrowType.Struct)
                && !(type instanceof ArrowType.Union union && union.getMode() == UnionMode.Sparse)) {
            return null;
        }
        for (long child : children) {
            if (exact ? child != wanted : child < wanted) {
                return "has a child of " + child + " values in place of " + wanted;
            }
        }
        return null;
    }

    /**
     * The first bad entry, in words that follow a column's name; null where there is none. Reads what may be mapped.
     *
     * <p>The children's lengths have no {@link #lengthFault fault}.
     */
    public @Nullable String entryFault() {
        ArrowType type = Storage.of(field.getType());
        int width = ArrowColumnTypes.offsetWidth(type);
        String what = "offset";
        long bad = -1;
        switch (type.getTypeID()) {
            case Utf8, Binary, LargeUtf8, LargeBinary ->
                bad = GatherChecks.offsets(
                        buffers.get(1), rows + 1, width, buffers.get(2).capacity());
            case List, Map, LargeList -> bad = GatherChecks.offsets(buffers.get(1), rows + 1, width, children[0]);
            case ListView, LargeListView -> {
                what = "list view";
                bad = GatherChecks.listViews(buffers.get(1), buffers.get(2), rows, width, children[0]);
            }
            case Utf8View, BinaryView -> {
                what = "view";
                long[] lengths =
                        buffers.stream().skip(2).mapToLong(ArrowBuf::capacity).toArray();
                bad = GatherChecks.views(buffers.get(1), validity, rows, lengths);
            }
            case Union -> {
                what = "type id or offset";
                boolean dense = ((ArrowType.Union) type).getMode() == UnionMode.Dense;
                long[] lengths = lengthsByCode(((ArrowType.Union) type).getTypeIds());
                bad = lengths == null
                        ? 0
                        : GatherChecks.unionTypes(buffers.get(0), dense ? buffers.get(1) : null, rows, lengths);
            }
            case RunEndEncoded -> {
                what = "run end";
                ArrowType ends = field.getChildren().get(0).getType();
                int bits = ends instanceof ArrowType.Int integers ? integers.getBitWidth() : 0;
                bad = runEnds == null || bits < Short.SIZE
                        ? 0
                        : GatherChecks.runEnds(runEnds, children[0], bits / Byte.SIZE, rows);
            }
            default -> {}
        }
        return bad < 0 ? null : "has a bad " + what + " at index " + bad;
    }

    /** The first row whose text is no UTF-8, or -1. Reads what may be mapped. */
    public long firstInvalidText() {
        ArrowType type = Storage.of(field.getType());
        return switch (type.getTypeID()) {
            case Utf8, LargeUtf8 ->
                Utf8.firstInvalid(
                        buffers.get(1), ArrowColumnTypes.offsetWidth(type), buffers.get(2), validity, (int) rows);
            case Utf8View ->
                Utf8.firstInvalidView(buffers.get(1), buffers.subList(2, buffers.size()), validity, (int) rows);
            default -> -1;
        };
    }

    /** The lengths of children by their type codes, -1 where there is none; null where a code cannot be. */
    private long @Nullable [] lengthsByCode(int @Nullable [] codes) {
        long[] lengths = new long[TYPE_CODES];
        Arrays.fill(lengths, -1);
        for (int i = 0; i < children.length; i++) {
            int code = codes == null || i >= codes.length ? i : codes[i];
            if (code < 0 || code >= TYPE_CODES) {
                return null;
            }
            lengths[code] = children[i];
        }
        return lengths;
    }
}
