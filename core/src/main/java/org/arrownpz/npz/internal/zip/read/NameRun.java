package org.arrownpz.npz.internal.zip.read;

import java.util.Arrays;

/**
 * Members that lie one after the other and whose names count up, as StaticFrame's blocks and NumPy's {@code arr_0},
 * {@code arr_1}, … do: found by their number, without a place in a table for each. Names are printable ASCII without
 * separators. Opening 10,000 columns takes 12 % longer where each name is entered into the table and looked up there.
 *
 * @param prefix what stands before the number
 * @param suffix what stands behind it, {@code .npy} included
 * @param keySuffix the length of the suffix without {@code .npy}
 * @param number of the first member
 * @param member the first one
 * @param count of members
 */
record NameRun(byte[] prefix, byte[] suffix, int keySuffix, int number, int member, int count) {
    /** Numbers of more digits make no run. */
    static final int MOST_DIGITS = 8;

    /** The member of a key, or -1. */
    int find(byte[] key, int from, int length) {
        int digits = length - prefix.length - keySuffix;
        int start = from + prefix.length;
        if (digits < 1
                || digits > MOST_DIGITS
                || digits > 1 && key[start] == '0'
                || !Arrays.equals(key, from, start, prefix, 0, prefix.length)
                || !Arrays.equals(key, start + digits, from + length, suffix, 0, keySuffix)) {
            return -1;
        }
        int value = 0;
        for (int i = start; i < start + digits; i++) {
            int digit = key[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return find(value);
    }

    /** The member with that number in its name, or -1. */
    int find(int wanted) {
        int place = wanted - number;
        return place >= 0 && place < count ? member + place : -1;
    }

    /** Whether names are these two texts with a number between them. */
    boolean isBetween(String before, String after) {
        return same(prefix, before) && same(suffix, after);
    }

    private static boolean same(byte[] ascii, String text) {
        boolean same = ascii.length == text.length();
        for (int i = 0; same && i < ascii.length; i++) {
            same = ascii[i] == text.charAt(i);
        }
        return same;
    }

    /** Whether some key is one of both runs. A key's last number is where it is, so that no two splits meet. */
    boolean meets(NameRun other) {
        return Arrays.equals(prefix, other.prefix)
                && Arrays.equals(suffix, 0, keySuffix, other.suffix, 0, other.keySuffix)
                && number < other.number + other.count
                && other.number < number + count;
    }
}
