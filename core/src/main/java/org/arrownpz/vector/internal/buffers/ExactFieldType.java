package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.BaseRepeatedValueVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.CallBack;
import org.jspecify.annotations.Nullable;

/**
 * A field's type whose vectors tell the very field that they were made of. Vectors that Arrow Java makes of a plain
 * {@link FieldType} call the elements of lists {@code $data$}, number the types of unions anew, in another order, and
 * drop the metadata of columns of type Null. Equal to a plain one with the same content.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ExactFieldType extends FieldType {
    private final String name;

    private ExactFieldType(Field field) {
        super(field.isNullable(), field.getType(), field.getDictionary(), field.getMetadata());
        this.name = field.getName() == null ? "" : field.getName();
    }

    /** The field, equal to the given one, whose vectors keep all of it at any depth. */
    public static Field of(Field field) {
        boolean leaf = field.getChildren().isEmpty();
        if (field.getFieldType() instanceof ExactFieldType || (leaf && !(field.getType() instanceof ArrowType.Null))) {
            return field;
        }
        return exact(field);
    }

    /** The fields by {@link #of(Field)}. */
    public static List<Field> of(List<Field> fields) {
        List<Field> exact = new ArrayList<>(fields.size());
        fields.forEach(field -> exact.add(of(field)));
        return exact;
    }

    private static Field exact(Field field) {
        List<Field> children = new ArrayList<>(field.getChildren().size());
        field.getChildren().forEach(child -> children.add(exact(child)));
        return new Field(field.getName(), new ExactFieldType(field), children);
    }

    @Override
    public FieldVector createNewSingleVector(String given, BufferAllocator allocator, @Nullable CallBack callBack) {
        boolean invented =
                given.equals(BaseRepeatedValueVector.DATA_VECTOR_NAME) || given.equals(MapVector.DATA_VECTOR_NAME);
        return create(new Field(invented ? name : given, this, null), allocator, callBack);
    }

    @Override
    public FieldVector createNewSingleVector(Field field, BufferAllocator allocator, @Nullable CallBack callBack) {
        return create(field, allocator, callBack);
    }

    private FieldVector create(Field field, BufferAllocator allocator, @Nullable CallBack callBack) {
        if (getType() instanceof ArrowType.Null) {
            return new NullVector(field);
        }
        if (getType() instanceof ArrowType.Union union) {
            return union.getMode() == UnionMode.Sparse
                    ? new SparseUnionVector(field.getName(), allocator, this, callBack)
                    : new ExactDenseUnionVector(field.getName(), allocator, this, callBack);
        }
        return super.createNewSingleVector(field, allocator, callBack);
    }
}
