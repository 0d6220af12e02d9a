package org.arrownpz.vector.read;

import java.util.function.LongUnaryOperator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DType;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.internal.plan.ColumnPlan;
import org.jspecify.annotations.Nullable;

/** Facts that become known while one column is built: bytes viewed and copied, and why. Used by one thread. */
final class Tally {
    /** Why elements are copied whose plan says nothing against a view. */
    static final String READ = "the source cannot be viewed: read into memory";

    private final NumpyArray array;
    private final @Nullable LongUnaryOperator fileByte;
    private long viewed;
    private long copied;
    private @Nullable String note;
    private @Nullable String planned;

    Tally(NumpyArray array) {
        this(array, null);
    }

    /** @param fileByte where in the file's order a byte lies that the cells' origins give in another order */
    Tally(NumpyArray array, @Nullable LongUnaryOperator fileByte) {
        this.array = array;
        this.fileByte = fileByte;
    }

    NumpyArray array() {
        return array;
    }

    void viewed(long bytes) {
        String reason = array.data().copied();
        if (reason == null) {
            viewed += bytes;
        } else {
            copied += bytes;
            because(reason);
        }
    }

    void copied(long bytes) {
        copied += bytes;
    }

    long viewedBytes() {
        return viewed;
    }

    long copiedBytes() {
        return copied;
    }

    /** Why the column has another type than planned; the first of several reasons stays. */
    void note(String reason) {
        if (note == null) {
            note = reason;
        }
    }

    /** The report's reason. */
    @Nullable
    String reason(ColumnPlan plan) {
        if (note != null) {
            return note;
        }
        String reason = planned == null ? plan.reason() : planned;
        return reason == null && copied > 0 ? READ : reason;
    }

    /** Why the elements are copied, whatever their own plan says. */
    void because(String reason) {
        planned = reason;
    }

    /** "element 5", counted in file order. */
    String element(long dataByte) {
        DType dtype = array.header().dtype();
        long size = dtype.itemSize();
        return "element " + (size == 0 ? 0 : inFile(dataByte) / size);
    }

    /** Starts a VALUE fault at a byte of the array's data. */
    NpzException.Builder error(String problem, long dataByte) {
        NpyHeader header = array.header();
        return array.location()
                .error(ErrorCode.VALUE, element(dataByte) + " " + problem)
                .at(header.dataOffset() + inFile(dataByte));
    }

    private long inFile(long dataByte) {
        return fileByte == null ? dataByte : fileByte.applyAsLong(dataByte);
    }
}
