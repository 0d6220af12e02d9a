package org.arrownpz.compare;

/**
 * frame-fixtures' endless column of Python objects: None, True, False, then runs of ints, floats and texts. Held by
 * type, as a dense union has it: each element has a type and a position among the values of that type.
 */
final class ObjectStream {
    static final int NONE = 0;
    static final int BOOL = 1;
    static final int INT = 2;
    static final int FLOAT = 3;
    static final int TEXT = 4;
    static final int TYPES = 5;

    private static final int FIRST_INT = 10;
    private static final int FIRST_FLOAT = 100;
    private static final int FIRST_TEXT = 50;
    /** Python compares numbers of all types, so that their keys are floats; texts take the space of NaNs. */
    private static final long TEXT_KEYS = 0xfff8_0000_0000_0000L;

    private final byte[] types;
    private final int[] slots;

    /** The first elements of the column. */
    ObjectStream(int count) {
        types = new byte[count];
        slots = new int[count];
        int[] used = new int[TYPES];
        int next = 0;
        next = run(next, NONE, 1, used);
        next = run(next, BOOL, 2, used);
        for (int i = 0; next < count; i++) {
            int length = SourceValues.value(i) % 3 + 1;
            next = run(next, INT, length, used);
            next = run(next, FLOAT, length, used);
            next = run(next, TEXT, length, used);
        }
    }

    private int run(int from, int type, int length, int[] used) {
        int end = Math.min(types.length, from + length);
        for (int i = from; i < end; i++) {
            types[i] = (byte) type;
            slots[i] = used[type]++;
        }
        return end;
    }

    int length() {
        return types.length;
    }

    /** The type of an element. */
    byte type(int position) {
        return types[position];
    }

    /** Where an element stands among those of its type. */
    int slot(int position) {
        return slots[position];
    }

    /** The bool at a place among the bools. */
    static boolean bool(int slot) {
        return slot == 0;
    }

    /** The int at a place among the ints. */
    static long integer(int slot) {
        return SourceValues.signed(FIRST_INT + slot);
    }

    /** The float at a place among the floats. */
    static double real(int slot) {
        return SourceValues.real(FIRST_FLOAT + slot);
    }

    /** The text at a place among the texts, packed as {@link SourceValues#label}. */
    static int label(int slot) {
        return SourceValues.label(FIRST_TEXT + slot);
    }

    /** Keys that are equal for elements that Python finds equal: True is 1 and 2 is 2.0. */
    long[] keys(int from, int count) {
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            int slot = slots[from + i];
            keys[i] = switch (types[from + i]) {
                case NONE -> TEXT_KEYS;
                case BOOL -> number(bool(slot) ? 1 : 0);
                case INT -> number(integer(slot));
                case FLOAT -> number(real(slot));
                default -> TEXT_KEYS | Integer.toUnsignedLong(label(slot));
            };
        }
        return keys;
    }

    // The sum makes one zero of two.
    private static long number(double value) {
        return Double.doubleToLongBits(value + 0.0);
    }
}
