package org.arrownpz.support;

import java.util.function.BiFunction;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;

/**
 * Whether ranges of two vectors hold equal values, bit for bit. Arrow's own visitor counts bytes in an int: beyond 4 GiB it
 * compares other rows, and says of different ones that they are equal. For one thread.
 */
public final class ValueEquality extends RangeEqualsVisitor {
    public ValueEquality(ValueVector left, ValueVector right) {
        super(left, right);
    }

    /** @param types whether the types of two vectors are the same */
    public ValueEquality(ValueVector left, ValueVector right, BiFunction<ValueVector, ValueVector, Boolean> types) {
        super(left, right, types);
    }

    @Override
    protected RangeEqualsVisitor createInnerVisitor(
            ValueVector left, ValueVector right, BiFunction<ValueVector, ValueVector, Boolean> types) {
        return new ValueEquality(left, right, types);
    }

    @Override
    protected boolean compareBaseFixedWidthVectors(Range range) {
        ValueBytes left = ValueBytes.of((FieldVector) getLeft());
        ValueBytes right = ValueBytes.of((FieldVector) getRight());
        return left == null || right == null ? super.compareBaseFixedWidthVectors(range) : areSame(left, right, range);
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
            if (isNull != getRight().isNull(other) || !isNull && !left.at(row).sameAs(right.at(other))) {
                return false;
            }
        }
        return true;
    }
}
