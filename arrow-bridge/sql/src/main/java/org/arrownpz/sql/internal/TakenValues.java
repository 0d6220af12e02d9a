package org.arrownpz.sql.internal;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.TimeStampNanoTZVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.support.column.VectorRows;

/** Values that DuckDB would read as others, which are refused. */
final class TakenValues {
    private static final long NANOS_PER_MICRO = 1000;

    private TakenValues() {}

    /** Checks the dictionaries of a column, and of what is in it. */
    static void requireOf(FieldVector vector, DictionaryProvider dictionaries, Location location) throws NpzException {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        Dictionary dictionary = encoding == null ? null : dictionaries.lookup(encoding.getId());
        if (dictionary != null) {
            requireAll(dictionary.getVector(), vector.getName(), location);
        }
        for (FieldVector child : vector.getChildrenFromFields()) {
            requireOf(child, dictionaries, location);
        }
    }

    private static void requireAll(FieldVector vector, String name, Location location) throws NpzException {
        require(vector, name, location);
        for (FieldVector child : vector.getChildrenFromFields()) {
            requireAll(child, name, location);
        }
    }

    /**
     * DuckDB's intervals, and its times in zones, count microseconds and would cut what is finer; of decimals it reads as
     * many bytes as their digits need, and gives other memory for longer ones.
     */
    static void require(FieldVector vector, String name, Location location) throws NpzException {
        if (vector instanceof DecimalVector) {
            VectorRows.requireDigits(vector, location, -1);
            return;
        }
        int width;
        int offset;
        if (vector instanceof TimeStampNanoTZVector
                || (vector instanceof DurationVector durations && durations.getUnit() == TimeUnit.NANOSECOND)) {
            width = Long.BYTES;
            offset = 0;
        } else if (vector instanceof IntervalMonthDayNanoVector) {
            width = IntervalMonthDayNanoVector.TYPE_WIDTH;
            offset = Long.BYTES;
        } else {
            return;
        }
        ArrowBuf values = vector.getDataBuffer();
        for (int row = 0; row < vector.getValueCount(); row++) {
            long nanos = values.getLong(row * (long) width + offset);
            if (nanos % NANOS_PER_MICRO != 0 && !vector.isNull(row)) {
                throw location.error(
                                ErrorCode.VALUE,
                                "column " + SafeText.quote(name)
                                        + " holds a time that is no whole microsecond, as DuckDB's are")
                        .found(nanos + " ns in row " + row)
                        .build();
            }
        }
    }
}
