package org.arrownpz.support.column;

import static org.arrownpz.support.column.ArrowColumnLeaves.fits;
import static org.arrownpz.support.column.ArrowColumnLeaves.id;
import static org.arrownpz.support.column.ArrowColumnLeaves.key;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.support.column.ArrowColumnPiece.IndexMaps;
import org.arrownpz.vector.internal.buffers.ArrowColumnBuffer;
import org.arrownpz.vector.internal.buffers.ArrowColumnTypes;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.EncodeFixed;
import org.arrownpz.vector.internal.kernel.EncodeOffsets;
import org.jspecify.annotations.Nullable;

/** Takes the chunks of a column apart into nodes and buffers, depth first. Used once. */
final class ArrowColumnDecomposer {
    private static final int TYPE_IDS = Byte.MAX_VALUE + 1;

    private final List<ArrowColumn.Node> nodes = new ArrayList<>();
    private final List<@Nullable ArrowColumnBuffer> buffers = new ArrayList<>();
    private final BufferAllocator allocator;
    private final ArrowColumnLeaves leaves;

    /** For buffers as the file has them. */
    ArrowColumnDecomposer(BufferAllocator allocator) {
        this.allocator = allocator;
        this.leaves = new ArrowColumnLeaves(buffers, allocator, true, IndexMaps.NONE);
    }

    /** For buffers in memory, whose fixed-width values stay as they are under nulls. */
    ArrowColumnDecomposer(BufferAllocator allocator, IndexMaps maps) {
        this.allocator = allocator;
        this.leaves = new ArrowColumnLeaves(buffers, allocator, false, maps);
    }

    /**
     * Takes the pieces apart; at least one.
     *
     * @throws ArithmeticException when they exceed what their offsets, run ends or indices count
     */
    ArrowColumn.Stored decompose(List<ArrowColumnPiece> pieces) {
        walk(pieces, 0);
        return new ArrowColumn.Stored(nodes, buffers);
    }

    private void walk(List<ArrowColumnPiece> all, int depth) {
        if (depth > ArrowColumnTypes.MAX_DEPTH) {
            throw new IllegalArgumentException("a column is nested more than " + ArrowColumnTypes.MAX_DEPTH + " deep");
        }
        ArrowType type = all.get(0).vector().getField().getType();
        // A vector of no rows may have no buffers at all.
        List<ArrowColumnPiece> pieces =
                all.stream().filter(piece -> piece.count() > 0).toList();
        long rows = pieces.stream().mapToLong(ArrowColumnPiece::count).sum();
        if (!ArrowColumnTypes.hasValidity(type)) {
            nodes.add(new ArrowColumn.Node(rows, type instanceof ArrowType.Null ? rows : 0, 0));
            if (type instanceof ArrowType.Union union) {
                union(union, all, pieces, rows, depth);
            } else if (type instanceof ArrowType.RunEndEncoded) {
                runEnds(all, pieces, rows, depth);
            }
            return;
        }
        long nulls = 0;
        for (ArrowColumnPiece piece : pieces) {
            ArrowBuf bits = piece.validity();
            nulls += bits == null ? 0 : EncodeBits.countZeros(bits, piece.start(), piece.count());
        }
        int node = nodes.size();
        nodes.add(new ArrowColumn.Node(rows, nulls, 0));
        buffers.add(nulls == 0 ? null : leaves.validity(pieces, rows));
        ScalarDType fixed = ArrowColumnTypes.fixed(type);
        if (fixed != null) {
            leaves.fixed(fixed, pieces);
            return;
        }
        switch (type.getTypeID()) {
            case Bool -> leaves.bools(pieces, rows);
            case Utf8, Binary, LargeUtf8, LargeBinary -> {
                List<ArrowColumnBuffer.Range> data = leaves.offsets(type, pieces, rows);
                leaves.values(ArrowColumnTypes.BYTES, data);
            }
            case Utf8View, BinaryView -> nodes.set(node, new ArrowColumn.Node(rows, nulls, leaves.views(pieces, rows)));
            case List, Map, LargeList -> {
                List<ArrowColumnBuffer.Range> ranges = leaves.offsets(type, pieces, rows);
                List<ArrowColumnPiece> children = new ArrayList<>();
                for (int i = 0; i < pieces.size(); i++) {
                    ArrowColumnPiece piece = pieces.get(i);
                    ArrowColumnBuffer.Range range = ranges.get(i);
                    children.add(piece.of(piece.child(0), range.start(), range.count()));
                }
                walk(orEmpty(children, all, 0), depth + 1);
            }
            case ListView, LargeListView -> listViews(type, all, pieces, rows, depth);
            case FixedSizeList -> {
                long size = ((ArrowType.FixedSizeList) type).getListSize();
                List<ArrowColumnPiece> children = new ArrayList<>();
                for (ArrowColumnPiece piece : pieces) {
                    children.add(piece.of(piece.child(0), piece.start() * size, piece.count() * size));
                }
                walk(orEmpty(children, all, 0), depth + 1);
            }
            case Struct -> {
                for (int i = 0; i < all.get(0).vector().getChildrenFromFields().size(); i++) {
                    walk(sameRows(all, pieces, i), depth + 1);
                }
            }
            default -> throw new IllegalArgumentException("vectors of type " + type + " cannot be stored");
        }
    }

    private static List<ArrowColumnPiece> sameRows(
            List<ArrowColumnPiece> all, List<ArrowColumnPiece> pieces, int child) {
        List<ArrowColumnPiece> children = new ArrayList<>();
        for (ArrowColumnPiece piece : pieces) {
            children.add(piece.of(piece.child(child), piece.start(), piece.count()));
        }
        return orEmpty(children, all, child);
    }

    // The walk needs a vector to know the type of.
    private static List<ArrowColumnPiece> orEmpty(
            List<ArrowColumnPiece> children, List<ArrowColumnPiece> all, int child) {
        return children.isEmpty() ? List.of(all.get(0).of(all.get(0).child(child), 0, 0)) : children;
    }

    private void listViews(
            ArrowType type, List<ArrowColumnPiece> all, List<ArrowColumnPiece> pieces, long rows, int depth) {
        int width = ArrowColumnTypes.offsetWidth(type);
        ScalarDType dtype = width == 4 ? ArrowColumnTypes.INT32 : ArrowColumnTypes.INT64;
        List<ArrowColumnPiece> children = new ArrayList<>();
        List<Object> offsetKey = key("view offsets", dtype);
        List<Object> sizeKey = key("view sizes", dtype);
        long[] deltas = new long[pieces.size()];
        long total = 0;
        for (int i = 0; i < deltas.length; i++) {
            ArrowColumnPiece piece = pieces.get(i);
            List<ArrowBuf> own = piece.vector().getFieldBuffers();
            long[] range = EncodeOffsets.viewedRange(
                    own.get(1), own.get(2), piece.validity(), piece.start(), Math.toIntExact(piece.count()), width);
            deltas[i] = total - range[0];
            total = fits(total + (range[1] - range[0]), width);
            children.add(piece.of(piece.child(0), range[0], range[1] - range[0]));
            List<Object> part =
                    List.of(id(own.get(1)), id(own.get(2)), id(piece.nulls()), piece.start(), piece.count());
            offsetKey.addAll(part);
            sizeKey.addAll(part);
        }
        for (boolean sizes : new boolean[] {false, true}) {
            List<Object> key = sizes ? sizeKey : offsetKey;
            leaves.generated(dtype, rows, key, pieces, i -> {
                ArrowColumnPiece piece = pieces.get(i);
                List<ArrowBuf> own = piece.vector().getFieldBuffers();
                ArrowBuf nulls = piece.nulls();
                return (target, first, count) -> EncodeOffsets.putListViews(
                        own.get(1), own.get(2), nulls, piece.start() + first, count, width, deltas[i], sizes, target);
            });
        }
        walk(orEmpty(children, all, 0), depth + 1);
    }

    private void union(
            ArrowType.Union type, List<ArrowColumnPiece> all, List<ArrowColumnPiece> pieces, long rows, int depth) {
        ScalarDType ids = ScalarDType.of(DTypeKind.INT, 1);
        List<ArrowColumnBuffer.Range> types = new ArrayList<>();
        for (ArrowColumnPiece piece : pieces) {
            types.add(new ArrowColumnBuffer.Range(typeBuffer(piece.vector()), null, piece.start(), piece.count()));
        }
        leaves.values(ids, types);
        if (type.getMode() == UnionMode.Sparse) {
            for (int i = 0; i < all.get(0).vector().getChildrenFromFields().size(); i++) {
                walk(sameRows(all, pieces, i), depth + 1);
            }
            return;
        }
        long[] totals = new long[TYPE_IDS];
        List<long[]> deltas = new ArrayList<>();
        List<List<ArrowColumnPiece>> children = new ArrayList<>();
        for (int id : type.getTypeIds()) {
            children.add(new ArrayList<>());
        }
        List<Object> key = key("union offsets", ArrowColumnTypes.INT32);
        for (ArrowColumnPiece piece : pieces) {
            DenseUnionVector union = (DenseUnionVector) piece.vector();
            long[] low = new long[TYPE_IDS];
            long[] high = new long[TYPE_IDS];
            Arrays.fill(low, Long.MAX_VALUE);
            EncodeOffsets.denseRanges(
                    union.getTypeBuffer(),
                    union.getOffsetBuffer(),
                    piece.start(),
                    Math.toIntExact(piece.count()),
                    low,
                    high);
            long[] delta = new long[TYPE_IDS];
            for (int i = 0; i < children.size(); i++) {
                int id = type.getTypeIds()[i];
                if (high[id] > 0) {
                    delta[id] = totals[id] - low[id];
                    totals[id] = fits(totals[id] + (high[id] - low[id]), 4);
                    children.get(i)
                            .add(piece.of((FieldVector) union.getVectorByType((byte) id), low[id], high[id] - low[id]));
                }
            }
            deltas.add(delta);
            key.addAll(List.of(id(union.getTypeBuffer()), id(union.getOffsetBuffer()), piece.start(), piece.count()));
        }
        leaves.generated(ArrowColumnTypes.INT32, rows, key, pieces, i -> {
            ArrowColumnPiece piece = pieces.get(i);
            DenseUnionVector union = (DenseUnionVector) piece.vector();
            ArrowBuf codes = union.getTypeBuffer();
            ArrowBuf offsets = union.getOffsetBuffer();
            return (target, first, count) ->
                    EncodeOffsets.putDense(codes, offsets, piece.start() + first, count, deltas.get(i), target);
        });
        DenseUnionVector any = (DenseUnionVector) all.get(0).vector();
        for (int i = 0; i < children.size(); i++) {
            FieldVector vector = (FieldVector) any.getVectorByType((byte) type.getTypeIds()[i]);
            walk(children.get(i).isEmpty() ? List.of(all.get(0).of(vector, 0, 0)) : children.get(i), depth + 1);
        }
    }

    private static ArrowBuf typeBuffer(FieldVector vector) {
        return vector instanceof DenseUnionVector dense
                ? dense.getTypeBuffer()
                : ((UnionVector) vector).getTypeBuffer();
    }

    private void runEnds(List<ArrowColumnPiece> all, List<ArrowColumnPiece> pieces, long rows, int depth) {
        ArrowType type = all.get(0).child(0).getField().getType();
        ScalarDType dtype = ArrowColumnTypes.fixed(type);
        if (dtype == null) {
            throw new IllegalArgumentException("run ends are integers, not " + type);
        }
        int width = (int) dtype.itemSize();
        fits(rows, width);
        List<ArrowColumnPiece> values = new ArrayList<>();
        List<long[]> runs = new ArrayList<>();
        List<Object> key = key("run ends", dtype);
        long base = 0;
        long total = 0;
        for (ArrowColumnPiece piece : pieces) {
            FieldVector ends = piece.child(0);
            if (ends.getNullCount() > 0) {
                throw new IllegalArgumentException("run ends are never null");
            }
            ArrowBuf buffer = ends.getDataBuffer();
            long end = piece.start() + piece.count();
            long first = EncodeOffsets.firstRun(buffer, ends.getValueCount(), width, piece.start() + 1);
            long last = EncodeOffsets.firstRun(buffer, ends.getValueCount(), width, end);
            if (last == ends.getValueCount()) {
                throw new IllegalArgumentException("the run ends of a vector do not reach its " + end + " rows");
            }
            long count = last - first + 1;
            values.add(piece.of(piece.child(1), first, count));
            runs.add(new long[] {first, count, base - piece.start(), base + piece.count()});
            key.addAll(List.of(EncodeFixed.identity(buffer, first * width), count, piece.start(), piece.count()));
            base += piece.count();
            total += count;
        }
        nodes.add(new ArrowColumn.Node(total, 0, 0));
        buffers.add(null);
        buffers.add(new ArrowColumnBuffer(dtype, total, key, allocator, (sink, scratch) -> {
            for (int i = 0; i < runs.size(); i++) {
                ArrowBuf ends = pieces.get(i).child(0).getDataBuffer();
                long[] run = runs.get(i);
                ArrowColumnBuffer.generate(
                        run[1],
                        width,
                        sink,
                        scratch,
                        (target, first, count) ->
                                EncodeOffsets.add(ends, run[0] + first, count, width, run[2], run[3], target));
            }
        }));
        walk(orEmpty(values, all, 1), depth + 1);
    }
}
