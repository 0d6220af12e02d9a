package org.arrownpz.frame.internal.write;

import org.apache.arrow.vector.FieldVector;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;

/** The rows of a stream, held against the number that its caller has stated, if any. */
public final class RowCount {
    private static final long UNKNOWN = -1;

    private final Location location;
    private final long stated;
    private long found;

    private RowCount(Location location, long stated) {
        this.location = location;
        this.stated = stated;
    }

    static RowCount unknown(Location location) {
        return new RowCount(location, UNKNOWN);
    }

    public static RowCount stated(Location location, long rows) {
        if (rows < 0) {
            throw new IllegalArgumentException("a number of rows is not negative: " + rows);
        }
        return new RowCount(location, rows);
    }

    boolean isStated() {
        return stated != UNKNOWN;
    }

    long stated() {
        return stated;
    }

    /** The rows so far. */
    long found() {
        return found;
    }

    /** Takes a batch, before it is written: batches beyond the stated rows are not. */
    void add(int rows) throws NpzException {
        found = Math.addExact(found, rows);
        if (isStated() && found > stated) {
            throw error("at least " + found).build();
        }
    }

    /** The reader has no more batches. */
    void end() throws NpzException {
        if (isStated() && found != stated) {
            throw error(String.valueOf(found)).build();
        }
    }

    private NpzException.Builder error(String rows) {
        return location.error(ErrorCode.FRAME_SHAPE, "the reader does not have as many rows as was stated")
                .expected(String.valueOf(stated))
                .found(rows)
                .remedy("State the number of rows that the reader has left, or none");
    }

    public void check(FieldVector vector, int rows) throws NpzException {
        if (vector.getValueCount() != rows) {
            throw location.error(
                            ErrorCode.FRAME_SHAPE,
                            "the column " + SafeText.quote(vector.getName()) + " has other rows than its batch")
                    .expected(String.valueOf(rows))
                    .found(String.valueOf(vector.getValueCount()))
                    .build();
        }
    }
}
