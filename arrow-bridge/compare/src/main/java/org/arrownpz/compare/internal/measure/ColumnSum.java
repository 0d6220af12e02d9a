package org.arrownpz.compare.internal.measure;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.util.TransferPair;

/**
 * The sum of a column's values as raw bits. Numbers and durations count as unsigned integers of their width, timestamps
 * as nanoseconds (so that readers may differ in unit), booleans by those that are true, text and binary by the sum of
 * their bytes and the squares of their lengths, lists by those of their elements and the squares of their lengths,
 * structs by their fields, dictionary-encoded columns by the values that they stand for. Nulls count by their number
 * only; the bytes under nulls are undefined.
 */
public final class ColumnSum {
    private static final long NULL = 0x9E3779B97F4A7C15L;
    private static final int OFFSET = 4;
    private static final int LARGE_OFFSET = 8;

    /** Stands in the {@link #kind} of columns whose sums are not to be compared. */
    public static final String OTHER = "other ";

    private ColumnSum() {}

    /**
     * The kind of a column: columns of one kind have the same sum if they hold the same values, unless it has {@link
     * #OTHER} in it. Readers may choose another type (64-bit integers for durations, one text type for another); where
     * that changes bits, the kind differs.
     */
    public static String kind(Field field) {
        ArrowType type = field.getType();
        List<Field> children = field.getChildren();
        return switch (type.getTypeID()) {
            case Int -> "int" + ((ArrowType.Int) type).getBitWidth();
            // Parquet has no durations; they become integers.
            case Duration -> "int64";
            case FloatingPoint -> "float " + ((ArrowType.FloatingPoint) type).getPrecision();
            case Timestamp -> "time";
            case Utf8, LargeUtf8, Binary, LargeBinary, FixedSizeBinary -> "bytes";
            case List, LargeList -> "list " + kind(children.get(0));
            case FixedSizeList -> ((ArrowType.FixedSizeList) type).getListSize() + " x " + kind(children.get(0));
            case Struct -> children.stream().map(ColumnSum::kind).collect(Collectors.joining(", ", "{", "}"));
            case Bool, Null, Date, Time, Decimal, Interval -> type.toString();
            default -> OTHER + type;
        };
    }

    /** The part of a column in a table's sum. */
    public static long weighted(int column, long sum) {
        return sum * (2L * column + 1);
    }

    /** The sum as people read it. */
    public static String text(long total) {
        return String.format("%016x", total);
    }

    /**
     * The sum of a column. Values of types that are not named above are touched but not compared: their sum may differ
     * from reader to reader, see {@link #kind}.
     */
    public static long of(FieldVector vector, DictionaryProvider dictionaries) {
        if (vector.getField().getDictionary() != null) {
            return encoded(vector, dictionaries);
        }
        return plain(vector);
    }

    private static long plain(FieldVector vector) {
        int count = vector.getValueCount();
        if (vector instanceof NullVector) {
            return count * NULL;
        }
        if (count == 0) {
            return 0;
        }
        int nulls = vector.getNullCount();
        return nulls * NULL + values(vector, count, nulls == 0);
    }

    private static long values(FieldVector vector, int count, boolean full) {
        if (vector instanceof BitVector) {
            ArrowBuf bits = vector.getDataBuffer();
            return full ? Sums.bits(bits, count) : Sums.bits(bits, vector.getValidityBuffer(), count);
        }
        if (vector instanceof BaseFixedWidthVector fixed) {
            return fixed(fixed, count, full) * nanoseconds(vector.getField().getType());
        }
        if (vector instanceof BaseVariableWidthVector) {
            return text(vector, count, full, OFFSET);
        }
        if (vector instanceof BaseLargeVariableWidthVector) {
            return text(vector, count, full, LARGE_OFFSET);
        }
        if (vector instanceof FixedSizeListVector list && full) {
            return plain(list.getDataVector());
        }
        if (vector instanceof ListVector list && full) {
            return list(list, list.getDataVector(), count, OFFSET);
        }
        if (vector instanceof LargeListVector list && full) {
            return list(list, list.getDataVector(), count, LARGE_OFFSET);
        }
        if (vector instanceof StructVector struct && full) {
            return fields(struct.getChildrenFromFields());
        }
        return touch(vector);
    }

    private static long fixed(BaseFixedWidthVector vector, int count, boolean full) {
        int width = vector.getTypeWidth();
        ArrowBuf data = vector.getDataBuffer();
        if (!(vector instanceof FixedSizeBinaryVector) && (width == 1 || width == 2 || width == 4 || width == 8)) {
            return full
                    ? Sums.integers(data, 0, count, width)
                    : Sums.integers(data, 0, count, width, vector.getValidityBuffer());
        }
        long sum = (long) width * width * (count - (full ? 0 : vector.getNullCount()));
        if (full) {
            return sum + Sums.bytes(data, 0, (long) count * width);
        }
        for (int i = 0; i < count; i++) {
            sum += vector.isNull(i) ? 0 : Sums.bytes(data, (long) i * width, width);
        }
        return sum;
    }

    private static long text(FieldVector vector, int count, boolean full, int width) {
        ArrowBuf offsets = vector.getOffsetBuffer();
        ArrowBuf data = vector.getDataBuffer();
        if (full) {
            long start = Sums.offset(offsets, 0, width);
            long length = Sums.offset(offsets, count, width) - start;
            return Sums.squaredLengths(offsets, count, width) + Sums.bytes(data, start, length);
        }
        long sum = 0;
        for (int i = 0; i < count; i++) {
            if (!vector.isNull(i)) {
                long start = Sums.offset(offsets, i, width);
                long length = Sums.offset(offsets, i + 1L, width) - start;
                sum += length * length + Sums.bytes(data, start, length);
            }
        }
        return sum;
    }

    private static long fields(List<FieldVector> children) {
        long sum = 0;
        for (int i = 0; i < children.size(); i++) {
            sum += weighted(i, plain(children.get(i)));
        }
        return sum;
    }

    // Lists may show a part of their elements only; then the sum is taken of the buffers.
    private static long list(FieldVector lists, FieldVector elements, int count, int width) {
        ArrowBuf offsets = lists.getOffsetBuffer();
        boolean dense =
                Sums.offset(offsets, 0, width) == 0 && Sums.offset(offsets, count, width) == elements.getValueCount();
        return dense ? Sums.squaredLengths(offsets, count, width) + plain(elements) : touch(lists);
    }

    private static long encoded(FieldVector indices, DictionaryProvider dictionaries) {
        Dictionary dictionary =
                dictionaries.lookup(indices.getField().getDictionary().getId());
        if (dictionary == null || !(indices instanceof BaseIntVector positions)) {
            return touch(indices);
        }
        FieldVector values = dictionary.getVector();
        long[] uses = new long[values.getValueCount()];
        long sum = 0;
        for (int i = 0; i < indices.getValueCount(); i++) {
            if (indices.isNull(i)) {
                sum += NULL;
            } else {
                uses[(int) positions.getValueAsLong(i)]++;
            }
        }
        for (int i = 0; i < uses.length; i++) {
            if (uses[i] > 0) {
                sum += uses[i] * one(values, i);
            }
        }
        return sum;
    }

    private static long one(FieldVector values, int position) {
        TransferPair pair = values.getTransferPair(values.getAllocator());
        pair.splitAndTransfer(position, 1);
        try (FieldVector single = (FieldVector) pair.getTo()) {
            return plain(single);
        }
    }

    /** Reads all bytes of all buffers. */
    private static long touch(FieldVector vector) {
        long sum = 0;
        for (ArrowBuf buffer : vector.getBuffers(false)) {
            sum += Sums.bytes(buffer, 0, buffer.readableBytes());
        }
        return sum;
    }

    private static long nanoseconds(ArrowType type) {
        return type instanceof ArrowType.Timestamp timestamp
                ? java.util.concurrent.TimeUnit.valueOf(timestamp.getUnit() + "S")
                        .toNanos(1)
                : 1;
    }
}
