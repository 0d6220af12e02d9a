package org.arrownpz.ipc;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.CallBack;
import org.jspecify.annotations.Nullable;

/**
 * Makes the fields of columns of one type, which know their hash codes. Roots keep vectors by field and so ask every
 * field for it; Arrow computes it from type and metadata each time, which is felt with 10,000 columns.
 */
final class SharedType {
    /** What a name's hash code counts in that of its field: the first of six terms of {@link java.util.Objects#hash}. */
    private static final int WEIGHT = 31 * 31 * 31 * 31 * 31;

    private final FieldType type;
    /** The hash code of a field without name. */
    private final int others;
    /** Whether Arrow computes hash codes of fields in the way that is known here. */
    private final boolean known;

    SharedType(FieldType original) {
        this.type = new Chosen(original);
        String probe = "a";
        this.others = new Field("", type, null).hashCode();
        this.known = new Field(probe, type, null).hashCode() == others + probe.hashCode() * WEIGHT;
    }

    /** The field without children of that name. */
    Field field(String name) {
        return known ? new Hashed(name, type, others + name.hashCode() * WEIGHT) : new Field(name, type, null);
    }

    /** A type that has asked once which vectors it has, and makes no visitor for each. */
    private static final class Chosen extends FieldType {
        /** Null for types that make their own vectors. */
        private final @Nullable MinorType minor;

        Chosen(FieldType type) {
            super(type.isNullable(), type.getType(), type.getDictionary(), type.getMetadata());
            this.minor = type.getType() instanceof ArrowType.ExtensionType
                    ? null
                    : Types.getMinorTypeForArrowType(type.getType());
        }

        @Override
        public FieldVector createNewSingleVector(
                Field field, BufferAllocator allocator, @Nullable CallBack schemaCallBack) {
            return minor == null
                    ? super.createNewSingleVector(field, allocator, schemaCallBack)
                    : minor.getNewVector(field, allocator, schemaCallBack);
        }
    }

    private static final class Hashed extends Field {
        private final int hash;

        Hashed(String name, FieldType type, int hash) {
            // Field copies a list of children that it is given, even an empty one.
            super(name, type, null);
            this.hash = hash;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return super.equals(other);
        }
    }
}
