package org.arrownpz.event.internal;

import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.event.internal.keys.Keys;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.internal.gather.Gather;
import org.arrownpz.vector.internal.gather.Scope;

/** Types that can be keys, and keys that come back. */
public final class KeyVectors {
    private KeyVectors() {}

    /** Fields of types that can be keys. */
    public static List<Field> fields() {
        return AllTypes.all().stream()
                .filter(field -> Keys.isKey(field.getType()))
                .toList();
    }

    /**
     * Few different values, picked often.
     *
     * @param tame without NaN, which equals null and other NaN
     */
    public static FieldVector of(Field field, int rows, boolean tame, Random random, BufferAllocator allocator) {
        int distinct = 1 + random.nextInt(7);
        try (FieldVector few =
                        new RandomVectors(allocator, random.nextLong(), random.nextBoolean()).vector(field, distinct);
                Scope scope = new Scope(allocator)) {
            for (int i = 0; tame && few instanceof Float2Vector && i < distinct; i++) {
                few.getDataBuffer().setShort(2L * i, few.getDataBuffer().getShort(2L * i) & 0x3bff);
            }
            var picked = scope.ints(rows, "picks");
            for (int i = 0; i < rows; i++) {
                picked.setInt(4L * i, random.nextInt(distinct));
            }
            return new Gather(scope).rows(few, picked, rows, allocator);
        } catch (NpzException e) {
            throw new AssertionError(e);
        }
    }
}
