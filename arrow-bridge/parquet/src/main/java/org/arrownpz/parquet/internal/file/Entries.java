package org.arrownpz.parquet.internal.file;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.ArrowBufPointer;
import org.apache.arrow.memory.util.hash.MurmurHasher;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Texts, or byte strings, each once, in the order of their first appearance: one dictionary made of many. */
final class Entries implements AutoCloseable {
    private static final int FIRST_SLOTS = 16;

    private final DictionaryEncoding encoding;
    private final BaseVariableWidthVector values;
    // The files of others decide which values meet in a slot: the hash differs from run to run.
    private final MurmurHasher hasher =
            new MurmurHasher(ThreadLocalRandom.current().nextInt());
    private final ArrowBufPointer wanted = new ArrowBufPointer(hasher);
    private final ArrowBufPointer other = new ArrowBufPointer(hasher);
    /** Numbers of entries, plus one, where their hashes and what lies in between lead. */
    private int[] slots = new int[FIRST_SLOTS];

    private int count;

    /** @param field of the values, which are texts or byte strings */
    Entries(DictionaryEncoding encoding, Field field, BufferAllocator allocator) {
        this.encoding = encoding;
        this.values = (BaseVariableWidthVector) field.createVector(allocator);
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
        if (rows <= count && new RangeEqualsVisitor(values, vector).rangeEquals(new Range(0, 0, rows))) {
            return null;
        }
        int[] numbers = new int[rows];
        boolean own = true;
        for (int row = 0; row < rows; row++) {
            numbers[row] = vector.isNull(row) ? -1 : add(vector, row);
            own &= numbers[row] == row;
        }
        values.setValueCount(count);
        return own ? null : numbers;
    }

    private int add(BaseVariableWidthVector vector, int row) {
        vector.getDataPointer(row, wanted);
        int slot = slot();
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

    /** Where the wanted value is, or would be. */
    private int slot() {
        int mask = slots.length - 1;
        int slot = wanted.hashCode() & mask;
        while (slots[slot] != 0) {
            values.getDataPointer(slots[slot] - 1, other);
            if (other.equals(wanted)) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        slots = new int[Math.multiplyExact(slots.length, 2)];
        Arrays.fill(slots, 0);
        for (int entry = 0; entry < count; entry++) {
            values.getDataPointer(entry, wanted);
            slots[slot()] = entry + 1;
        }
    }

    @Override
    public void close() {
        values.close();
    }
}
