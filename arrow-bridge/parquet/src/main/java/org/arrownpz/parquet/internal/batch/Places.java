package org.arrownpz.parquet.internal.batch;

import java.util.Arrays;
import java.util.function.Function;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.util.ReusableByteArray;
import org.arrownpz.parquet.internal.type.ListRows;
import org.arrownpz.parquet.internal.write.Bytes;
import org.arrownpz.parquet.internal.write.Entries;

/**
 * The places of values in a dictionary of any type. Values are compared by bytes that say what they mean: those of an
 * encoded part are its entry's, those of runs the values'.
 */
final class Places {
    /** Of a value that the dictionary has not. */
    static final int NONE = -2;

    private static final int NULL = -1;

    private final Function<Field, FieldVector> dictionaries;
    private final Entries entries = new Entries();
    private final Bytes key = new Bytes();
    private final ReusableByteArray view = new ReusableByteArray();
    private final int[] places;

    /** @param dictionaries gives the values of an encoded field within the dictionary */
    Places(FieldVector dictionary, Function<Field, FieldVector> dictionaries) {
        this.dictionaries = dictionaries;
        int[] first = new int[dictionary.getValueCount()];
        for (int row = 0; row < first.length; row++) {
            int before = entries.count();
            if (entry(dictionary, row) == before) {
                first[before] = row;
            }
        }
        this.places = Arrays.copyOf(first, entries.count());
    }

    /** The place of a value, negative for null, {@link #NONE} where it has none. */
    int of(FieldVector values, int row) {
        int entry = entry(values, row);
        return entry < places.length ? entry < 0 ? NULL : places[entry] : NONE;
    }

    private int entry(FieldVector vector, int row) {
        key.clear();
        put(vector, row);
        boolean isNull = key.size() == 1 && key.array()[0] == 0;
        return isNull ? NULL : entries.add(key.array(), 0, key.size());
    }

    /** Nulls are a zero, other values follow a one. */
    private void put(FieldVector vector, int row) {
        if (vector instanceof RunEndEncodedVector runs) {
            put(runs.getValuesVector(), runs.getPhysicalIndex(row));
            return;
        }
        if (vector instanceof NullVector || vector.isNull(row)) {
            key.put(0);
            return;
        }
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding != null) {
            put(dictionaries.apply(vector.getField()), (int) ((BaseIntVector) vector).getValueAsLong(row));
            return;
        }
        key.put(1);
        if (vector instanceof StructVector) {
            for (FieldVector child : vector.getChildrenFromFields()) {
                put(child, row);
            }
        } else if (ListRows.isList(vector)) {
            ListRows lists = ListRows.of(vector);
            int start = lists.start(row);
            int length = lists.length(row);
            key.putInt(length);
            for (int i = start; i < start + length; i++) {
                put(vector.getChildrenFromFields().get(0), i);
            }
        } else {
            putScalar(vector, row);
        }
    }

    private void putScalar(FieldVector vector, int row) {
        if (vector instanceof BitVector bits) {
            key.put(bits.get(row));
        } else if (vector instanceof BaseFixedWidthVector fixed) {
            int at = key.size();
            int width = fixed.getTypeWidth();
            key.size(Math.addExact(at, width));
            fixed.getDataBuffer().getBytes((long) row * width, key.array(), at, width);
        } else {
            ((VariableWidthFieldVector) vector).read(row, view);
            key.putInt((int) view.getLength());
            key.put(view.getBuffer(), 0, (int) view.getLength());
        }
    }
}
