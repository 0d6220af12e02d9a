package org.arrownpz.vector.internal.buffers;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.CallBack;
import org.apache.arrow.vector.util.TransferPair;
import org.jspecify.annotations.Nullable;

/**
 * A dense union whose field has its children in their own order, where Arrow's has them in that of their type codes, and
 * which can be transferred whatever these codes are. Used by one thread.
 */
public final class ExactDenseUnionVector extends DenseUnionVector {
    private final FieldType type;
    private final @Nullable CallBack changes;

    public ExactDenseUnionVector(String name, BufferAllocator allocator, FieldType type, @Nullable CallBack changes) {
        super(name, allocator, type, changes);
        this.type = type;
        this.changes = changes;
    }

    @Override
    public void initializeChildrenFromFields(List<Field> children) {
        super.initializeChildrenFromFields(ExactFieldType.keyed(children));
    }

    @Override
    public Field getField() {
        return new Field(getName(), type, SparseUnionVector.fields(getChildrenFromFields()));
    }

    @Override
    public TransferPair getTransferPair(String ref, BufferAllocator allocator, @Nullable CallBack callBack) {
        return getTransferPair(new Field(ref, type, getField().getChildren()), allocator, callBack);
    }

    @Override
    public TransferPair getTransferPair(Field field, BufferAllocator allocator, @Nullable CallBack callBack) {
        return ExactTransfer.into(this, new ExactDenseUnionVector(field.getName(), allocator, type, changes));
    }

    @Override
    public TransferPair makeTransferPair(ValueVector target) {
        return ExactTransfer.into(this, (FieldVector) target);
    }
}
