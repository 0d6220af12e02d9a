package org.arrownpz.compare.internal.measure;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.arrownpz.compare.internal.contender.Batch;

/**
 * A checksum of a table's values that does not depend on how readers cut it into batches: each column's is a sum over
 * its values (see {@link ColumnSum}), and the table's a sum over its columns, weighted by their positions.
 */
public final class Checksum implements Batch {
    private long total;
    private long rows;

    /** Touches every value of a batch. */
    @Override
    public void take(List<FieldVector> columns, DictionaryProvider dictionaries) {
        for (int i = 0; i < columns.size(); i++) {
            total += weighted(i, ColumnSum.of(columns.get(i), dictionaries));
        }
        rows += columns.isEmpty() ? 0 : columns.get(0).getValueCount();
    }

    /** The part of a column in a table's sum. */
    public static long weighted(int column, long sum) {
        return sum * (2L * column + 1);
    }

    public long total() {
        return total;
    }

    public long rows() {
        return rows;
    }

    /** As people read it. */
    public static String text(long total) {
        return String.format("%016x", total);
    }
}
