package org.arrownpz.event;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;

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
}
