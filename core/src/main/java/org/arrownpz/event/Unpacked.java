package org.arrownpz.event;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.vector.CopyReport;

/**
 * Unpacked events: one row for each element, with the input's columns in its order, then the ordinal. Ownership and
 * threads as of {@link Packed}.
 */
public final class Unpacked extends OwnedRoot {
    private final CopyReport report;

    Unpacked(List<Field> fields, List<FieldVector> vectors, int rows, DictionaryProvider input, CopyReport report)
            throws NpzException {
        super(fields, vectors, rows, input);
        this.report = report;
    }

    /** The report: views of the input, copies, and the reasons. */
    public CopyReport report() {
        return report;
    }
}
