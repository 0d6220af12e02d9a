package org.arrownpz.dtype;

import java.util.List;

/**
 * A fixed-shape C-order array inside a record field.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param element the type of one element
 * @param shape the lengths of the dimensions, at least one
 */
public record SubarrayDType(DType element, List<Integer> shape) implements DType {
    public SubarrayDType {
        shape = List.copyOf(shape);
    }

    /** The number of elements. */
    public long elements() {
        long count = 1;
        for (int length : shape) {
            count = Math.multiplyExact(count, (long) length);
        }
        return count;
    }

    @Override
    public long itemSize() {
        return Math.multiplyExact(element.itemSize(), elements());
    }

    /** The shape as a Python tuple. */
    public String shapeText() {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < shape.size(); i++) {
            text.append(i == 0 ? "" : ", ").append(shape.get(i));
        }
        return text.append(shape.size() == 1 ? ",)" : ")").toString();
    }

    @Override
    public String descr() {
        return "(" + element.descr() + ", " + shapeText() + ")";
    }

    @Override
    public String toString() {
        return descr();
    }
}
