package org.arrownpz.vector;

import java.util.Map;
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
 * The type of many flat columns, whose fields know their hash codes. Roots keep vectors by field and so ask every field
 * for it; Arrow computes it from type and metadata each time, which is felt with 10,000 columns. Which vectors it has, it
 * has asked once. Immutable and safe for use by several threads.
 */
public final class ColumnType extends FieldType {
    /** The factor of a name's hash code in its field's: the first of six terms of {@link java.util.Objects#hash}. */
    private static final int WEIGHT = 31 * 31 * 31 * 31 * 31;

    /** The hash code of a field without name. */
    private final int others;
    /** Whether Arrow computes hash codes of fields in the way that is known here. */
    private final boolean known;
    /** The kind of vectors that the type has, asked once; null for types that make their own. */
    private final @Nullable MinorType minor;

    ColumnType(ArrowType type, @Nullable Map<String, String> metadata) {
        this(new FieldType(true, type, null, metadata));
    }

    /** The same type as another, whether that is nullable or not, with its metadata and dictionary. */
    public ColumnType(FieldType original) {
        super(original.isNullable(), original.getType(), original.getDictionary(), original.getMetadata());
        ArrowType type = original.getType();
        String probe = "a";
        others = new Field("", this, null).hashCode();
        known = new Field(probe, this, null).hashCode() == others + probe.hashCode() * WEIGHT;
        minor = type instanceof ArrowType.ExtensionType ? null : Types.getMinorTypeForArrowType(type);
    }

    @Override
    public FieldVector createNewSingleVector(
            Field field, BufferAllocator allocator, @Nullable CallBack schemaCallBack) {
        return minor == null
                ? super.createNewSingleVector(field, allocator, schemaCallBack)
                : minor.getNewVector(field, allocator, schemaCallBack);
    }

    /** The field of a flat column of that name, without children. */
    public Field field(String name) {
        return known ? new Hashed(name, this, others + name.hashCode() * WEIGHT) : new Field(name, this, null);
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
