package org.arrownpz.internal.memory;

import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** The storage of values: a vector or type itself, or the one below its extension types. */
public final class Storage {
    private Storage() {}

    public static FieldVector of(FieldVector vector) {
        FieldVector storage = vector;
        while (storage instanceof ExtensionTypeVector<?> extension) {
            storage = (FieldVector) extension.getUnderlyingVector();
        }
        return storage;
    }

    public static ArrowType of(ArrowType type) {
        ArrowType storage = type;
        while (storage instanceof ArrowType.ExtensionType extension) {
            storage = extension.storageType();
        }
        return storage;
    }
}
