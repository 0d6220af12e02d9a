package org.arrownpz.cli.cell;

import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.jspecify.annotations.Nullable;

/**
 * The places of the values of a union, dense or sparse.
 *
 * @param member the vector that holds a row's value, or null where it has none
 * @param rows the row in that vector
 */
public record UnionRows(IntFunction<@Nullable ValueVector> member, IntUnaryOperator rows) {
    /** Null for vectors that are no unions. */
    public static @Nullable UnionRows of(FieldVector vector) {
        if (vector instanceof UnionVector union) {
            return new UnionRows(union::getVector, row -> row);
        } else if (vector instanceof DenseUnionVector union) {
            return new UnionRows(row -> union.getVectorByType(union.getTypeId(row)), union::getOffset);
        }
        return null;
    }
}
