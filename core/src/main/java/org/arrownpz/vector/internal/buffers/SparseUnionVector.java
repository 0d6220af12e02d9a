package org.arrownpz.vector.internal.buffers;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.complex.reader.FieldReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.CallBack;
import org.apache.arrow.vector.util.TransferPair;
import org.jspecify.annotations.Nullable;

/**
 * A sparse union with the type codes of its field. Arrow's own numbers the types by their kind, so that two children of
 * one kind are one to it, and a code from a file means another child. Used by one thread.
 */
public final class SparseUnionVector extends UnionVector {
    private final FieldType type;
    private final @Nullable CallBack changes;

    public SparseUnionVector(String name, BufferAllocator allocator, FieldType type, @Nullable CallBack changes) {
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
        return new Field(getName(), type, fields(getChildrenFromFields()));
    }

    static List<Field> fields(List<FieldVector> children) {
        List<Field> fields = new ArrayList<>(children.size());
        children.forEach(child -> fields.add(child.getField()));
        return fields;
    }

    @Override
    public @Nullable ValueVector getVectorByType(int code, @Nullable ArrowType unused) {
        int[] codes = ((ArrowType.Union) type.getType()).getTypeIds();
        List<FieldVector> children = getChildrenFromFields();
        for (int i = 0; i < children.size(); i++) {
            if ((codes == null ? i : codes[i]) == code) {
                return children.get(i);
            }
        }
        return null;
    }

    /** Not there: Arrow's reader takes type codes for its own numbers of kinds. */
    @Override
    public FieldReader getReader() {
        throw new UnsupportedOperationException(
                "Read the values of the union " + getName() + " by getVector(row) or getObject(row)");
    }

    @Override
    public TransferPair getTransferPair(String ref, BufferAllocator allocator, @Nullable CallBack callBack) {
        return getTransferPair(new Field(ref, type, getField().getChildren()), allocator, callBack);
    }

    @Override
    public TransferPair getTransferPair(Field field, BufferAllocator allocator, @Nullable CallBack callBack) {
        return ExactTransfer.into(this, new SparseUnionVector(field.getName(), allocator, type, changes));
    }

    @Override
    public TransferPair makeTransferPair(ValueVector target) {
        return ExactTransfer.into(this, (FieldVector) target);
    }
}
