package org.arrownpz.parquet.internal.file;

import java.util.Arrays;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.support.ValueBytes;
import org.jspecify.annotations.Nullable;

/** Texts, or byte strings, each once, in the order of their first appearance: one dictionary made of many. */
final class Entries implements AutoCloseable {
    private static final int FIRST_SLOTS = 16;

    private final DictionaryEncoding encoding;
    private final BaseVariableWidthVector values;
    private final ValueBytes known;
    /** Numbers of entries, plus one, where their hashes and what lies in between lead. */
    private int[] slots = new int[FIRST_SLOTS];

    private int count;

    /** @param field of the values, which are texts or byte strings */
    Entries(DictionaryEncoding encoding, Field field, BufferAllocator allocator) {
        this.encoding = encoding;
        this.values = (BaseVariableWidthVector) field.createVector(allocator);
        this.known = bytes(values);
    }

    DictionaryEncoding encoding() {
        return encoding;
    }

    /** The entries so far. */
    FieldVector values() {
        return values;
    }

    int count() {
        return count;
    }

    /** For each value the number of its entry, which is made where there is none; null when all have their own numbers. */
    int @Nullable [] add(BaseVariableWidthVector vector) {
        int rows = vector.getValueCount();
        if (rows <= count && new ValueBytes.Equality(values, vector).rangeEquals(new Range(0, 0, rows))) {
            return null;
        }
        int[] numbers = new int[rows];
        boolean own = true;
        ValueBytes wanted = bytes(vector);
        for (int row = 0; row < rows; row++) {
            numbers[row] = vector.isNull(row) ? -1 : add(vector, row, wanted.at(row));
            own &= numbers[row] == row;
        }
        values.setValueCount(count);
        return own ? null : numbers;
    }

    private static ValueBytes bytes(BaseVariableWidthVector vector) {
        return Objects.requireNonNull(ValueBytes.of(vector));
    }

    private int add(BaseVariableWidthVector vector, int row, ValueBytes wanted) {
        int slot = slot(wanted);
        if (slots[slot] == 0) {
            values.copyFromSafe(row, count, vector);
            slots[slot] = ++count;
            if (count > slots.length / 2) {
                grow();
                return count - 1;
            }
        }
        return slots[slot] - 1;
    }

    /** The place of the wanted value, or the one it would have. */
    private int slot(ValueBytes wanted) {
        int mask = slots.length - 1;
        int slot = (int) wanted.hash() & mask;
        while (slots[slot] != 0) {
            if (known.at(slots[slot] - 1).sameAs(wanted)) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        slots = new int[Math.multiplyExact(slots.length, 2)];
        Arrays.fill(slots, 0);
        ValueBytes entries = bytes(values);
        for (int entry = 0; entry < count; entry++) {
            slots[slot(entries.at(entry))] = entry + 1;
        }
    }

    @Override
    public void close() {
        values.close();
    }
}
