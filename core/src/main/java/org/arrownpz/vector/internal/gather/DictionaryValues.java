package org.arrownpz.vector.internal.gather;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.support.Faults;
import org.arrownpz.support.Rollback;
import org.arrownpz.vector.internal.buffers.ExactFieldType;

/** Values in place of the indices that stand for them. */
public final class DictionaryValues {
    private DictionaryValues() {}

    /**
     * A dictionary-encoded column with its values in place, in allocator memory, which the caller closes.
     *
     * @param vector the column of indices, in the memory format of Arrow Java
     * @param provider where its dictionary is
     * @throws IllegalArgumentException when there is no such dictionary, or an index is not within it
     * @throws NpzException LIMIT when the allocator cannot give the memory
     */
    public static FieldVector decode(FieldVector vector, DictionaryProvider provider, BufferAllocator allocator)
            throws NpzException {
        Field field = vector.getField();
        Dictionary dictionary = field.getDictionary() == null
                ? null
                : provider.lookup(field.getDictionary().getId());
        if (dictionary == null || !(vector instanceof BaseIntVector indices)) {
            throw new IllegalArgumentException(
                    "the column " + SafeText.quote(field.getName()) + " has no dictionary among those given");
        }
        FieldVector values = dictionary.getVector();
        Field valueField = values.getField();
        Field decoded = new Field(
                field.getName(),
                new FieldType(field.isNullable(), valueField.getType(), null, field.getMetadata()),
                valueField.getChildren());
        FieldVector target = ExactFieldType.ofRepeated(decoded).createVector(allocator);
        try (Rollback undo = Rollback.of(target)) {
            int rows = vector.getValueCount();
            target.setInitialCapacity(rows);
            target.allocateNew();
            for (int i = 0; i < rows; i++) {
                if (vector.isNull(i)) {
                    target.setNull(i);
                    continue;
                }
                long index = indices.getValueAsLong(i);
                if (index < 0 || index >= values.getValueCount()) {
                    throw new IllegalArgumentException("index " + index + " in row " + i + " of "
                            + SafeText.quote(field.getName()) + " is not within its dictionary of "
                            + values.getValueCount() + " values");
                }
                target.copyFromSafe((int) index, i, values);
            }
            target.setValueCount(rows);
            return undo.commit(target);
        } catch (OutOfMemoryException e) {
            throw Faults.limit(Location.ofFile(null), "for decoded dictionary values", e);
        }
    }
}
