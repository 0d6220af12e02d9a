package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.complex.BaseRepeatedValueVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.impl.NullableStructReaderImpl;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.CallBack;
import org.apache.arrow.vector.util.TransferPair;
import org.jspecify.annotations.Nullable;

/**
 * A field's type whose vectors tell the very field that they were made of. Vectors that Arrow Java makes of a plain
 * {@link FieldType} call the elements of lists {@code $data$}, number the types of unions anew, in another order, drop
 * the metadata of columns of type Null, and have one child where several share a name. Equal to a plain one with the same
 * content.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ExactFieldType extends FieldType {
    private final String name;
    /** Whether children share a name, which makes one of them to Arrow's structs. */
    private final boolean repeated;

    private ExactFieldType(Field field) {
        super(field.isNullable(), field.getType(), field.getDictionary(), field.getMetadata());
        this.name = field.getName() == null ? "" : field.getName();
        this.repeated = isRepeated(field.getChildren());
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

    /**
     * The field by {@link #of(Field)} where vectors that Arrow Java makes of it lack children, since several share a name;
     * any other as it is.
     */
    public static Field ofRepeated(Field field) {
        return field.getFieldType() instanceof ExactFieldType || !holdsRepeated(field) ? field : exact(field);
    }

    private static boolean holdsRepeated(Field field) {
        return isRepeated(field.getChildren()) || field.getChildren().stream().anyMatch(ExactFieldType::holdsRepeated);
    }

    /** Whether fields share a name. */
    public static boolean isRepeated(List<Field> fields) {
        Set<String> names = new HashSet<>();
        return fields.size() > 1 && !fields.stream().allMatch(field -> names.add(field.getName()));
    }

    /**
     * Children of a union under keys of their own where they share a name: a union finds its children by the name that
     * they are asked for with. The vectors have their own names.
     */
    static List<Field> keyed(List<Field> children) {
        if (!isRepeated(children)) {
            return children;
        }
        List<Field> keyed = new ArrayList<>(children.size());
        for (Field child : children) {
            keyed.add(new Field(String.valueOf(keyed.size()), new Keyed(child), child.getChildren()));
        }
        return keyed;
    }

    /** The type of a child that is called otherwise than it is asked for. */
    private static final class Keyed extends FieldType {
        private final Field child;

        Keyed(Field child) {
            super(child.isNullable(), child.getType(), child.getDictionary(), child.getMetadata());
            this.child = child;
        }

        @Override
        public FieldVector createNewSingleVector(String key, BufferAllocator allocator, @Nullable CallBack callBack) {
            return child.getFieldType().createNewSingleVector(child.getName(), allocator, callBack);
        }
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
        if (repeated && getType() instanceof ArrowType.Struct) {
            return new RepeatedStruct(field, allocator, callBack);
        }
        return super.createNewSingleVector(field, allocator, callBack);
    }

    /**
     * A struct of which several children share a name. Arrow's own can be told to keep them, but moves, copies and reads
     * children by name, and so one of them in place of each. Asked for by name, the first is given. Used by one thread.
     */
    private static final class RepeatedStruct extends StructVector {
        RepeatedStruct(Field field, BufferAllocator allocator, @Nullable CallBack changes) {
            // Without children, which Arrow's writer would make of its own accord, before they are asked for.
            super(field.getName(), allocator, field.getFieldType(), changes, ConflictPolicy.CONFLICT_APPEND, true);
        }

        /** Not there: Arrow's reader asks for children by name. */
        @Override
        public NullableStructReaderImpl getReader() {
            throw new UnsupportedOperationException(
                    "Read the children of the struct " + getName() + " by getChildrenFromFields()");
        }

        @Override
        public TransferPair getTransferPair(BufferAllocator allocator) {
            return getTransferPair(getField(), allocator, null);
        }

        @Override
        public TransferPair getTransferPair(String ref, BufferAllocator allocator) {
            return getTransferPair(ref, allocator, null);
        }

        @Override
        public TransferPair getTransferPair(String ref, BufferAllocator allocator, @Nullable CallBack changes) {
            return getTransferPair(new Field(ref, getField().getFieldType(), null), allocator, changes);
        }

        @Override
        public TransferPair getTransferPair(Field field, BufferAllocator allocator) {
            return getTransferPair(field, allocator, null);
        }

        @Override
        public TransferPair getTransferPair(Field field, BufferAllocator allocator, @Nullable CallBack changes) {
            return makeTransferPair(new RepeatedStruct(field, allocator, changes));
        }

        @Override
        public TransferPair makeTransferPair(ValueVector target) {
            return ExactTransfer.into(this, (FieldVector) target);
        }

        @Override
        public void copyFrom(int row, int target, ValueVector source) {
            copyFromSafe(row, target, source);
        }

        @Override
        public void copyFromSafe(int row, int target, ValueVector source) {
            if (source.isNull(row)) {
                setNull(target);
            } else {
                setIndexDefined(target);
            }
            List<FieldVector> children = getChildrenFromFields();
            List<FieldVector> sources = ((FieldVector) source).getChildrenFromFields();
            for (int i = 0; i < children.size(); i++) {
                children.get(i).copyFromSafe(row, target, sources.get(i));
            }
        }
    }
}
