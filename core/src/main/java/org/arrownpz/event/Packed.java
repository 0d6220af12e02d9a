package org.arrownpz.event;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.vector.CopyReport;
import org.jspecify.annotations.Nullable;

/**
 * Packed events: one row for each group, with columns for keys, then sessions, carried columns and lists. Owns its root
 * and its dictionaries; values that were not copied are shared with the input, each by a reference of its own, so that
 * either may be closed first.
 *
 * <p>May be read by several threads; close by one.
 */
public final class Packed extends OwnedRoot {
    private final PackReport report;

    Packed(List<Field> fields, List<FieldVector> vectors, int rows, DictionaryProvider input, PackReport report)
            throws NpzException {
        super(fields, vectors, rows, input);
        this.report = report;
    }

    /** The report of the packing. */
    public PackReport report() {
        return report;
    }

    /**
     * The report of a packing.
     *
     * <p>Immutable and safe for use by several threads.
     *
     * @param rows the rows of the input
     * @param droppedRows rows left out because a part of their key is null
     * @param groups the rows of the result
     * @param requested the order that was asked for
     * @param used the order that was worked with: STABLE_SORT where rows had to be sorted
     * @param fallback why the rows were sorted although SORTED was asked for, else null
     * @param inPlace whether all packed values lie where they lay in the input
     * @param copies which columns are views of the input, which are copies, and why
     */
    public record PackReport(
            long rows,
            long droppedRows,
            long groups,
            InputOrder requested,
            InputOrder used,
            @Nullable String fallback,
            boolean inPlace,
            CopyReport copies) {
        /** A few lines for people. The form may change between releases. */
        @Override
        public String toString() {
            return rows + " rows packed into " + groups + (groups == 1 ? " group" : " groups")
                    + (droppedRows == 0 ? "" : ", " + droppedRows + " rows without key dropped")
                    + (fallback == null ? "" : ", sorted because " + fallback)
                    + "\n" + copies;
        }
    }
}
