package org.arrownpz.support.column;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.support.column.ArrowColumnPiece.IndexMaps;
import org.arrownpz.vector.internal.buffers.ArrowColumnBuffer;
import org.arrownpz.vector.internal.buffers.ArrowColumnTypes;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.EncodeFixed;
import org.arrownpz.vector.internal.kernel.EncodeOffsets;
import org.arrownpz.vector.internal.kernel.RebaseIndices;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that a column is taken apart into: bitmaps, values, offsets and views of pieces that lie one after the
 * other.
 *
 * @param buffers where finished buffers are added
 * @param allocator where scratch memory comes from
 * @param zeroed whether fixed-width values under nulls become zeros
 * @param maps what indices of dictionaries become
 */
record ArrowColumnLeaves(
        List<@Nullable ArrowColumnBuffer> buffers, BufferAllocator allocator, boolean zeroed, IndexMaps maps) {
    /** The bitmap of all pieces. */
    ArrowColumnBuffer validity(List<ArrowColumnPiece> pieces, long rows) {
        List<ArrowColumnBuffer.Bits> bits = new ArrayList<>();
        for (ArrowColumnPiece piece : pieces) {
            bits.add(new ArrowColumnBuffer.Bits(piece.validity(), null, piece.start(), piece.count()));
        }
        return bits("validity", bits, rows);
    }

    /** Adds the bits of a Bool field. */
    void bools(List<ArrowColumnPiece> pieces, long rows) {
        List<ArrowColumnBuffer.Bits> bits = new ArrayList<>();
        for (ArrowColumnPiece piece : pieces) {
            bits.add(new ArrowColumnBuffer.Bits(
                    piece.vector().getDataBuffer(), nulls(piece), piece.start(), piece.count()));
        }
        buffers.add(bits("bits", bits, rows));
    }

    ArrowColumnBuffer bits(String kind, List<ArrowColumnBuffer.Bits> bits, long rows) {
        List<Object> key = key(kind, ArrowColumnTypes.BYTES);
        for (ArrowColumnBuffer.Bits range : bits) {
            key.addAll(List.of(id(range.values()), id(range.mask()), range.start(), range.count()));
        }
        return new ArrowColumnBuffer(
                ArrowColumnTypes.BYTES,
                EncodeBits.bytes(rows),
                key,
                allocator,
                (sink, scratch) -> ArrowColumnBuffer.bits(bits, sink, scratch));
    }

    private @Nullable ArrowBuf nulls(ArrowColumnPiece piece) {
        return zeroed ? piece.nulls() : null;
    }

    /** Adds fixed-width values. */
    void fixed(ScalarDType dtype, List<ArrowColumnPiece> pieces) {
        List<ArrowColumnBuffer.Range> ranges = new ArrayList<>();
        boolean mapped = false;
        for (ArrowColumnPiece piece : pieces) {
            ranges.add(new ArrowColumnBuffer.Range(
                    piece.vector().getDataBuffer(), nulls(piece), piece.start(), piece.count()));
            mapped |= maps.of(piece) != null;
        }
        if (mapped) {
            indices(dtype, pieces, ranges);
        } else {
            values(dtype, ranges);
        }
    }

    private void indices(ScalarDType dtype, List<ArrowColumnPiece> pieces, List<ArrowColumnBuffer.Range> ranges) {
        int width = Math.toIntExact(dtype.itemSize());
        boolean signed = dtype.kind() == DTypeKind.INT;
        long count = 0;
        for (ArrowColumnPiece piece : pieces) {
            count += piece.count();
            IndexMaps.IndexMap map = maps.of(piece);
            if (map != null) {
                RebaseIndices.requireRoom(map.entries(), width, signed);
            }
        }
        buffers.add(new ArrowColumnBuffer(dtype, count, key("indices", dtype), allocator, (sink, scratch) -> {
            for (int i = 0; i < ranges.size(); i++) {
                ArrowColumnPiece piece = pieces.get(i);
                IndexMaps.IndexMap map = maps.of(piece);
                if (map == null) {
                    ArrowColumnBuffer.values(ranges.get(i), width, sink, scratch);
                    continue;
                }
                ArrowBuf source = piece.vector().getDataBuffer();
                ArrowBuf nulls = piece.nulls();
                ArrowColumnBuffer.generate(
                        piece.count(),
                        width,
                        sink,
                        scratch,
                        (target, first, rows) -> RebaseIndices.map(
                                source, nulls, piece.start() + first, rows, width, signed, map.indices(), target));
            }
        }));
    }

    void values(ScalarDType dtype, List<ArrowColumnBuffer.Range> ranges) {
        int width = Math.toIntExact(dtype.itemSize());
        List<Object> key = key("values", dtype);
        long count = 0;
        for (ArrowColumnBuffer.Range range : ranges) {
            if (range.count() > 0) {
                long start = EncodeFixed.identity(range.values(), range.start() * width);
                key.addAll(List.of(start, id(range.validity()), range.count()));
                if (range.validity() != null) {
                    key.add(range.start());
                }
            }
            count += range.count();
        }
        buffers.add(new ArrowColumnBuffer(dtype, count, key, allocator, (sink, scratch) -> {
            for (ArrowColumnBuffer.Range range : ranges) {
                ArrowColumnBuffer.values(range, width, sink, scratch);
            }
        }));
    }

    // Adds rebased offsets; gives the ranges of the values.
    List<ArrowColumnBuffer.Range> offsets(ArrowType type, List<ArrowColumnPiece> pieces, long rows) {
        int width = ArrowColumnTypes.offsetWidth(type);
        boolean nested =
                type instanceof ArrowType.List || type instanceof ArrowType.Map || type instanceof ArrowType.LargeList;
        ScalarDType dtype = width == 4 ? ArrowColumnTypes.INT32 : ArrowColumnTypes.INT64;
        List<Object> key = key("offsets", dtype);
        List<ArrowColumnBuffer.Range> ranges = new ArrayList<>();
        long[] deltas = new long[pieces.size()];
        long total = 0;
        for (int i = 0; i < deltas.length; i++) {
            ArrowColumnPiece piece = pieces.get(i);
            ArrowBuf offsets = piece.vector().getOffsetBuffer();
            long first = EncodeOffsets.get(offsets, piece.start(), width);
            long last = EncodeOffsets.get(offsets, piece.start() + piece.count(), width);
            if (first < 0 || last < first) {
                throw new IllegalArgumentException("the offsets of a vector fall from " + first + " to " + last);
            }
            ArrowBuf data = nested ? offsets : piece.vector().getDataBuffer();
            ranges.add(new ArrowColumnBuffer.Range(data, null, first, last - first));
            deltas[i] = total - first;
            total = fits(total + (last - first), width);
            key.addAll(List.of(EncodeFixed.identity(offsets, piece.start() * width), piece.count()));
        }
        long end = total;
        buffers.add(new ArrowColumnBuffer(dtype, rows + 1, key, allocator, (sink, scratch) -> {
            for (int i = 0; i < deltas.length; i++) {
                ArrowColumnPiece piece = pieces.get(i);
                ArrowBuf offsets = piece.vector().getOffsetBuffer();
                long delta = deltas[i];
                if (delta == 0) {
                    sink.write(offsets, piece.start() * width, piece.count() * width);
                    continue;
                }
                ArrowColumnBuffer.generate(
                        piece.count(),
                        width,
                        sink,
                        scratch,
                        (target, first, count) -> EncodeOffsets.add(
                                offsets, piece.start() + first, count, width, delta, Long.MAX_VALUE, target));
            }
            // Arrow Java 18.3 has no offset at all for no rows; the format wants one.
            ArrowColumnBuffer.generate(
                    1, width, sink, scratch, (target, first, count) -> EncodeOffsets.set(target, 0, width, end));
        }));
        return ranges;
    }

    /** A total that offsets (or run ends) of that many bytes can count. */
    static long fits(long total, int width) {
        if (width == 4 && total > Integer.MAX_VALUE || width == 2 && total > Short.MAX_VALUE) {
            throw new ArithmeticException("the batches of a column together have " + total
                    + " values or rows, more than its " + width * 8 + "-bit offsets count");
        }
        return total;
    }

    /** Adds views and their data buffers; gives the number of these. */
    int views(List<ArrowColumnPiece> pieces, long rows) {
        Map<Object, Integer> numbers = new LinkedHashMap<>();
        List<ArrowBuf> data = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        List<int[]> maps = new ArrayList<>();
        List<Object> key = key("views", ArrowColumnTypes.VIEW);
        for (ArrowColumnPiece piece : pieces) {
            List<ArrowBuf> own = piece.vector().getFieldBuffers();
            long[] used = new long[own.size() - 2];
            EncodeOffsets.viewEnds(own.get(1), piece.validity(), piece.start(), Math.toIntExact(piece.count()), used);
            int[] map = new int[used.length];
            for (int i = 0; i < used.length; i++) {
                if (used[i] == 0) {
                    continue;
                }
                ArrowBuf buffer = own.get(i + 2);
                Integer number = numbers.putIfAbsent(id(buffer), data.size());
                if (number == null) {
                    number = data.size();
                    data.add(buffer);
                    ends.add(0L);
                }
                map[i] = number;
                ends.set(number, Math.max(ends.get(number), used[i]));
            }
            maps.add(map);
            key.addAll(List.of(id(own.get(1)), id(piece.nulls()), piece.start(), piece.count()));
            Arrays.stream(map).forEach(key::add);
        }
        generated(ArrowColumnTypes.VIEW, rows, key, pieces, i -> {
            ArrowColumnPiece piece = pieces.get(i);
            ArrowBuf views = piece.vector().getFieldBuffers().get(1);
            ArrowBuf nulls = piece.nulls();
            return (target, first, count) ->
                    EncodeOffsets.putViews(views, nulls, piece.start() + first, count, maps.get(i), target);
        });
        for (int i = 0; i < data.size(); i++) {
            values(ArrowColumnTypes.BYTES, List.of(new ArrowColumnBuffer.Range(data.get(i), null, 0, ends.get(i))));
        }
        return data.size();
    }

    /** A buffer with an element for each row, which a filler of each piece makes. */
    void generated(
            ScalarDType dtype,
            long rows,
            List<Object> key,
            List<ArrowColumnPiece> pieces,
            IntFunction<ArrowColumnBuffer.Filler> fillers) {
        int width = Math.toIntExact(dtype.itemSize());
        buffers.add(new ArrowColumnBuffer(dtype, rows, key, allocator, (sink, scratch) -> {
            for (int i = 0; i < pieces.size(); i++) {
                ArrowColumnBuffer.generate(pieces.get(i).count(), width, sink, scratch, fillers.apply(i));
            }
        }));
    }

    /** The beginning of a key. */
    static List<Object> key(String kind, ScalarDType dtype) {
        List<Object> key = new ArrayList<>();
        key.add(kind);
        key.add(dtype.str());
        return key;
    }

    /** The stand-in for a buffer in a key. */
    static long id(@Nullable ArrowBuf buffer) {
        return buffer == null ? 0 : EncodeFixed.identity(buffer, 0);
    }
}
