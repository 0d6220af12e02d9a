package org.arrownpz.support;

import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.ByteFunctionHelpers;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.jspecify.annotations.Nullable;

/**
 * The places of the bytes of a vector's values: of texts, byte strings, and all that has a fixed width. One value at a
 * time, for one thread. Arrow's own {@code getDataPointer} and {@code hashCode} read views wrongly: those of 12 bytes
 * as if they did not lie in the view, and longer ones from the start of their buffer.
 */
public final class ValueBytes {
    private final FieldVector vector;
    private final IntConsumer find;
    private ArrowBuf buffer;
    private long start;
    private long length;

    private ValueBytes(FieldVector vector) {
        this.vector = vector;
        this.buffer = vector.getDataBuffer();
        this.find = find(vector);
    }

    /** Null for vectors of bits and nested ones, and those without values. */
    public static @Nullable ValueBytes of(FieldVector vector) {
        boolean known = vector instanceof BaseFixedWidthVector && !(vector instanceof BitVector)
                || vector instanceof BaseVariableWidthVector
                || vector instanceof BaseLargeVariableWidthVector
                || vector instanceof BaseVariableWidthViewVector;
        return known ? new ValueBytes(vector) : null;
    }

    private IntConsumer find(FieldVector source) {
        if (source instanceof BaseVariableWidthVector bytes) {
            return row -> {
                ArrowBuf offsets = bytes.getOffsetBuffer();
                long at = row * (long) Integer.BYTES;
                start = offsets.getInt(at);
                length = offsets.getInt(at + Integer.BYTES) - start;
            };
        } else if (source instanceof BaseLargeVariableWidthVector bytes) {
            return row -> {
                ArrowBuf offsets = bytes.getOffsetBuffer();
                long at = row * (long) Long.BYTES;
                start = offsets.getLong(at);
                length = offsets.getLong(at + Long.BYTES) - start;
            };
        } else if (source instanceof BaseVariableWidthViewVector views) {
            return row -> find(views, row * (long) BaseVariableWidthViewVector.ELEMENT_SIZE);
        }
        length = ((BaseFixedWidthVector) source).getTypeWidth();
        return row -> start = row * length;
    }

    /** A view is a length and either the bytes or the first four of them, the number of a buffer and a place in it. */
    private void find(BaseVariableWidthViewVector views, long view) {
        ArrowBuf data = views.getDataBuffer();
        length = data.getInt(view);
        if (length <= BaseVariableWidthViewVector.INLINE_SIZE) {
            buffer = data;
            start = view + Integer.BYTES;
        } else {
            buffer = views.getDataBuffers().get(data.getInt(view + 2L * Integer.BYTES));
            start = data.getInt(view + 3L * Integer.BYTES);
        }
    }

    /** Goes to a row, which must not be null: what lies there then may lead anywhere. */
    public ValueBytes at(int row) {
        buffer = vector.getDataBuffer();
        find.accept(row);
        return this;
    }

    /** The buffer that holds the value. */
    public ArrowBuf buffer() {
        return buffer;
    }

    /** The value's first byte in the buffer. */
    public long start() {
        return start;
    }

    /** The number of its bytes. */
    public long length() {
        return length;
    }

    /** Whether both values have the same bytes. */
    public boolean sameAs(ValueBytes other) {
        return length == other.length
                && (length == 0
                        || ByteFunctionHelpers.equal(
                                        buffer, start, start + length, other.buffer, other.start, other.start + length)
                                == 1);
    }

    /** The hash of bytes of an array, as {@link #hash()} has it. */
    public static long hash(byte[] array, int from, int length) {
        return KeyedHash.of(array, from, length);
    }

    /** {@link KeyedHash} of the value. */
    public long hash() {
        return KeyedHash.of(buffer, start, length);
    }

    /**
     * Whether ranges of two vectors hold equal values, bit for bit. Arrow's own visitor counts bytes in an int: beyond 4 GiB it
     * compares other rows, and says of different ones that they are equal. For one thread.
     */
    public static final class Equality extends RangeEqualsVisitor {
        public Equality(ValueVector left, ValueVector right) {
            super(left, right);
        }

        /** @param types whether the types of two vectors are the same */
        public Equality(ValueVector left, ValueVector right, BiFunction<ValueVector, ValueVector, Boolean> types) {
            super(left, right, types);
        }

        @Override
        protected RangeEqualsVisitor createInnerVisitor(
                ValueVector left, ValueVector right, BiFunction<ValueVector, ValueVector, Boolean> types) {
            return new Equality(left, right, types);
        }

        @Override
        protected boolean compareBaseFixedWidthVectors(Range range) {
            ValueBytes left = ValueBytes.of((FieldVector) getLeft());
            ValueBytes right = ValueBytes.of((FieldVector) getRight());
            return left == null || right == null
                    ? super.compareBaseFixedWidthVectors(range)
                    : areSame(left, right, range);
        }

        @Override
        protected boolean compareBaseVariableWidthVectors(Range range) {
            return compareBaseFixedWidthVectors(range);
        }

        @Override
        protected boolean compareBaseLargeVariableWidthVectors(Range range) {
            return compareBaseFixedWidthVectors(range);
        }

        @Override
        protected boolean compareBaseVariableWidthViewVectors(Range range) {
            return compareBaseFixedWidthVectors(range);
        }

        private boolean areSame(ValueBytes left, ValueBytes right, Range range) {
            for (int i = 0; i < range.getLength(); i++) {
                int row = range.getLeftStart() + i;
                int other = range.getRightStart() + i;
                boolean isNull = getLeft().isNull(row);
                if (isNull != getRight().isNull(other)
                        || !isNull && !left.at(row).sameAs(right.at(other))) {
                    return false;
                }
            }
            return true;
        }
    }
}
