package org.arrownpz.cli.cell;

import java.util.IdentityHashMap;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;

/**
 * The vector that holds a vector's values, behind dictionaries, run ends and extension types.
 *
 * @param vector where the values lie
 * @param rows the row in it of a row of the vector that was asked about; only for rows that are not null
 * @param nulls which rows of the vector that was asked about are null, for whatever reason
 */
public record Decoded(FieldVector vector, IntUnaryOperator rows, IntPredicate nulls) {
    /**
     * Looks behind a vector.
     *
     * @throws IllegalArgumentException when a dictionary is missing
     */
    public static Decoded of(FieldVector vector, DictionaryProvider dictionaries) {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding != null && vector instanceof BaseIntVector indices) {
            Dictionary dictionary = dictionaries.lookup(encoding.getId());
            if (dictionary == null) {
                throw new IllegalArgumentException("no dictionary with id " + encoding.getId());
            }
            Decoded items = of(dictionary.getVector(), dictionaries);
            IntPredicate noIndex = plainNulls(vector);
            return new Decoded(
                    items.vector,
                    row -> items.rows.applyAsInt((int) indices.getValueAsLong(row)),
                    row -> noIndex.test(row) || items.nulls.test((int) indices.getValueAsLong(row)));
        }
        if (vector instanceof ExtensionTypeVector<?> extension && extension.getUnderlyingVector() != null) {
            return of(extension.getUnderlyingVector(), dictionaries);
        }
        if (vector instanceof RunEndEncodedVector runs) {
            Decoded items = of(runs.getValuesVector(), dictionaries);
            return new Decoded(
                    items.vector,
                    row -> items.rows.applyAsInt(runs.getPhysicalIndex(row)),
                    row -> items.nulls.test(runs.getPhysicalIndex(row)));
        }
        UnionRows union = UnionRows.of(vector);
        if (union != null) {
            IdentityHashMap<ValueVector, IntPredicate> members = new IdentityHashMap<>();
            return new Decoded(
                    vector,
                    row -> row,
                    row -> !(union.member().apply(row) instanceof FieldVector values)
                            || members.computeIfAbsent(values, key -> of(values, dictionaries).nulls)
                                    .test(union.rows().applyAsInt(row)));
        }
        return new Decoded(vector, row -> row, plainNulls(vector));
    }

    private static IntPredicate plainNulls(FieldVector vector) {
        if (vector instanceof NullVector) {
            return row -> true;
        }
        return vector.getNullCount() == 0 ? row -> false : vector::isNull;
    }
}
