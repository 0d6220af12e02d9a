package org.arrownpz.dataset;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/** Columns as they were before they were written, as far as the metadata tell; others stay as the file has them. */
final class Restorer {
    private final StoredSchema schema;
    private final FromStorage converter;

    Restorer(StoredSchema schema, Location location) {
        this.schema = schema;
        this.converter = new FromStorage(location);
    }

    /** The field that {@link #restore} gives for a column. */
    Field field(Field read) {
        Field wanted = wanted(read);
        return wanted == null ? read : wanted;
    }

    /** The restored column, which the caller closes; the column stays the caller's. */
    FieldVector restore(FieldVector column) throws NpzException {
        Field wanted = wanted(column.getField());
        if (wanted == null) {
            var pair = column.getTransferPair(column.getField(), column.getAllocator());
            pair.splitAndTransfer(0, column.getValueCount());
            return (FieldVector) pair.getTo();
        }
        Dictionary dictionary = schema.dictionary(wanted);
        if (dictionary == null) {
            return converter.restore(column, wanted);
        }
        try (FieldVector values =
                converter.restore(column, dictionary.getVector().getField())) {
            return encoded(values, dictionary, wanted);
        }
    }

    private static FieldVector encoded(FieldVector values, Dictionary dictionary, Field wanted) {
        try (FieldVector indices = (FieldVector) DictionaryEncoder.encode(values, dictionary)) {
            return Rebuild.leaf(indices, wanted);
        }
    }

    private @Nullable Field wanted(Field read) {
        Field wanted = schema.field(read.getName());
        if (wanted == null) {
            return null;
        }
        Dictionary dictionary = schema.dictionary(wanted);
        if (dictionary != null) {
            FieldVector values = dictionary.getVector();
            return values.getValueCount() > 0 && ParquetTypes.restorable(read, values.getField(), 1) ? wanted : null;
        }
        return ParquetTypes.restorable(read, wanted, 1) ? wanted : null;
    }
}
