package org.arrownpz.cli.diff;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.apache.arrow.memory.util.ByteFunctionHelpers;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.NonNullableStructVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.array.ArrayDiff;
import org.arrownpz.cli.cell.Decoded;
import org.arrownpz.cli.cell.UnionRows;
import org.arrownpz.parquet.internal.type.ListRows;
import org.arrownpz.support.ValueBytes;
import org.jspecify.annotations.Nullable;

/**
 * Whether values of two vectors are equal: bit for bit, or floats within a tolerance. Dictionaries, run ends and extension
 * types are looked through. Null equals null only. The comparisons are for one thread.
 */
record Equality(DictionaryProvider left, DictionaryProvider right, ArrayDiff values) {
    /** Whether a row of the left vector equals a row of the right one. */
    @FunctionalInterface
    interface Rows {
        boolean test(int left, int right);
    }

    /** The comparison of two vectors; values of different types are never equal. */
    Rows of(FieldVector a, FieldVector b) {
        Decoded da = Decoded.of(a, left);
        Decoded db = Decoded.of(b, right);
        Rows plain = values(da.vector(), db.vector());
        IntPredicate nullA = da.nulls();
        IntPredicate nullB = db.nulls();
        IntUnaryOperator rowA = da.rows();
        IntUnaryOperator rowB = db.rows();
        return (i, j) ->
                nullA.test(i) ? nullB.test(j) : !nullB.test(j) && plain.test(rowA.applyAsInt(i), rowB.applyAsInt(j));
    }

    /** Whether rows are equal for sure, by comparing their bytes at once; a false says nothing. */
    boolean sameBytes(FieldVector a, FieldVector b, long start, long end) {
        if (!values.isReflexive()
                || a.getClass() != b.getClass()
                || a.getField().getDictionary() != null
                || b.getField().getDictionary() != null
                || a.getNullCount() != 0
                || b.getNullCount() != 0) {
            return false;
        }
        if (a instanceof FixedSizeListVector left && b instanceof FixedSizeListVector right) {
            long size = left.getListSize();
            return size == right.getListSize() && sameBytes(items(a), items(b), start * size, end * size);
        }
        if (a instanceof BaseFixedWidthVector left
                && b instanceof BaseFixedWidthVector right
                && !(a instanceof BitVector)
                && left.getTypeWidth() == right.getTypeWidth()) {
            long from = start * left.getTypeWidth();
            long to = end * left.getTypeWidth();
            return ByteFunctionHelpers.equal(left.getDataBuffer(), from, to, right.getDataBuffer(), from, to) == 1;
        }
        return false;
    }

    /** Values in a row of a matrix, 1 of other columns. */
    static long width(FieldVector vector) {
        return vector instanceof FixedSizeListVector list ? list.getListSize() * width(items(vector)) : 1;
    }

    private Rows values(FieldVector a, FieldVector b) {
        if (a.getMinorType() != b.getMinorType()) {
            return (i, j) -> false;
        }
        Rows floats = values.isExact() && values.isReflexive() ? null : floats(a, b);
        if (floats != null) {
            return floats;
        } else if (a instanceof BitVector x && b instanceof BitVector y) {
            return (i, j) -> x.get(i) == y.get(j);
        } else if (a instanceof NonNullableStructVector && b instanceof NonNullableStructVector) {
            return structs(a.getChildrenFromFields(), b.getChildrenFromFields());
        } else if (ListRows.isList(a)) {
            return lists(ListRows.of(a), ListRows.of(b), of(items(a), items(b)));
        }
        UnionRows unionA = UnionRows.of(a);
        UnionRows unionB = UnionRows.of(b);
        if (unionA != null && unionB != null) {
            return members(unionA, unionB);
        }
        ValueBytes x = ValueBytes.of(a);
        ValueBytes y = ValueBytes.of(b);
        if (x != null && y != null) {
            return (i, j) -> x.at(i).sameAs(y.at(j));
        } else if (a instanceof NullVector) {
            return (i, j) -> true;
        }
        throw new IllegalArgumentException("columns of type " + a.getField().getType() + " cannot be compared");
    }

    private @Nullable Rows floats(FieldVector a, FieldVector b) {
        if (a instanceof Float8Vector x && b instanceof Float8Vector y) {
            return (i, j) -> values.isClose(x.get(i), y.get(j));
        } else if (a instanceof Float4Vector x && b instanceof Float4Vector y) {
            return (i, j) -> values.isClose(x.get(i), y.get(j));
        } else if (a instanceof Float2Vector x && b instanceof Float2Vector y) {
            return (i, j) -> values.isClose(x.getValueAsFloat(i), y.getValueAsFloat(j));
        }
        return null;
    }

    private Rows structs(List<FieldVector> a, List<FieldVector> b) {
        if (a.size() != b.size()) {
            return (i, j) -> false;
        }
        Rows[] children = new Rows[a.size()];
        for (int k = 0; k < children.length; k++) {
            children[k] = of(a.get(k), b.get(k));
        }
        return (i, j) -> {
            for (Rows child : children) {
                if (!child.test(i, j)) {
                    return false;
                }
            }
            return true;
        };
    }

    private Rows members(UnionRows a, UnionRows b) {
        IdentityHashMap<ValueVector, IdentityHashMap<ValueVector, Rows>> known = new IdentityHashMap<>();
        return (i, j) -> {
            ValueVector x = a.member().apply(i);
            ValueVector y = b.member().apply(j);
            if (!(x instanceof FieldVector left) || !(y instanceof FieldVector right)) {
                return x == null && y == null;
            }
            return known.computeIfAbsent(x, key -> new IdentityHashMap<>())
                    .computeIfAbsent(y, key -> of(left, right))
                    .test(a.rows().applyAsInt(i), b.rows().applyAsInt(j));
        };
    }

    private static Rows lists(ListRows a, ListRows b, Rows items) {
        return (i, j) -> {
            int start = a.start(i);
            int other = b.start(j);
            int length = a.length(i);
            if (length != b.length(j)) {
                return false;
            }
            for (int k = 0; k < length; k++) {
                if (!items.test(start + k, other + k)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static FieldVector items(FieldVector list) {
        return list.getChildrenFromFields().get(0);
    }
}
