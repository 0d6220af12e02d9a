package org.arrownpz.vector.internal.encode;

import java.util.Arrays;
import java.util.Objects;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.SubarrayDType;
import org.arrownpz.npy.Shape;
import org.arrownpz.vector.WriteReport;
import org.jspecify.annotations.Nullable;

/**
 * The form in which one column is stored: as elements of a NumPy array, or as its Arrow buffers. Decided by
 * {@link ColumnEncoder#plan} from the column's type, the {@code numpy.dtype} it came with, and its values.
 * Immutable; holds no memory.
 */
public sealed interface ColumnEncoding {
    /** The entry of a column that was written so. */
    WriteReport.Column report(String name, long nulls, long bytes);

    /** The type of a row of such elements. */
    static DType rowType(DType element, Shape rowShape) {
        return rowShape.dimensions() == 0
                ? element
                : new SubarrayDType(
                        element,
                        Arrays.stream(rowShape.lengths())
                                .mapToObj(Math::toIntExact)
                                .toList());
    }

    /**
     * The column becomes elements of a NumPy array.
     *
     * @param rowShape the dimensions behind the first: none for plain columns, those of one row for tensors
     * @param nullCount the number of null rows
     * @param fill the filling of null rows ({@code NaN}, {@code NaT}, {@code 0} …), or null when no row is null
     * @param note why the dtype is not the one the column came with or does not say all of it, or null
     * @param exactType whether reading the block with the default options gives the same Arrow field again; otherwise
     *     the schema has to be stored. Says nothing about nulls: see {@link #needsValidity()}
     */
    record Numpy(
            ColumnEncoderElement element,
            Shape rowShape,
            long nullCount,
            @Nullable String fill,
            @Nullable String note,
            boolean exactType)
            implements ColumnEncoding {
        @Override
        public WriteReport.Column report(String name, long nulls, long bytes) {
            return new WriteReport.Column(
                    name, WriteReport.Stored.BLOCK, dtype().toString(), null, nulls, fill, note, bytes);
        }

        /** The type of the array's elements. */
        public DType dtype() {
            return element.dtype();
        }

        /** The type of a row: that of the elements, or a sub-array of them. */
        public DType rowType() {
            return ColumnEncoding.rowType(dtype(), rowShape);
        }

        /** Whether a bitmap must be stored beside the block, which alone does not tell which rows are null. */
        public boolean needsValidity() {
            return nullCount > 0 && !element.nullIsNat();
        }

        /** Whether the two columns may share a block. */
        public boolean sameBlock(Numpy other) {
            return (this == other || dtype().equals(other.dtype()))
                    && rowShape.equals(other.rowShape)
                    && rowShape.dimensions() == 0;
        }

        @Override
        public String toString() {
            return "block " + dtype() + (rowShape.dimensions() == 0 ? "" : " x " + rowShape)
                    + (fill == null ? "" : ", " + nullCount + " nulls as " + fill)
                    + (note == null ? "" : ", " + note);
        }
    }

    /**
     * The column is stored as its Arrow buffers, which NumPy reads one by one but not as one column.
     *
     * @param reason why NumPy cannot hold the column, as a clause for reports
     */
    record Buffers(String reason) implements ColumnEncoding {
        public Buffers {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public WriteReport.Column report(String name, long nulls, long bytes) {
            return new WriteReport.Column(name, WriteReport.Stored.BUFFERS, null, reason, nulls, null, null, bytes);
        }

        @Override
        public String toString() {
            return "Arrow buffers (" + reason + ")";
        }
    }
}
