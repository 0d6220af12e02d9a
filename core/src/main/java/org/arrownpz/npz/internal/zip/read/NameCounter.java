package org.arrownpz.npz.internal.zip.read;

import java.util.Arrays;
import org.arrownpz.npz.internal.zip.MemberNames;

/** Counts the last number in a name up, and compares names with the one that comes next. Used by one thread. */
final class NameCounter {
    private byte[] next = new byte[64];
    private int length;
    private int digits;
    private int digitsEnd;
    private int number;
    private int keySuffix;
    private boolean counts;

    /** Goes to a name; false where it has no number, or one that does not count up in one way only. */
    boolean start(byte[] bytes, int from, int nameLength) {
        counts = false;
        int keyLength = MemberNames.keyLength(bytes, from, nameLength);
        int end = keyLength;
        while (end > 0 && !isDigit(bytes[from + end - 1])) {
            end--;
        }
        int start = end;
        while (start > 0 && isDigit(bytes[from + start - 1])) {
            start--;
        }
        if (start == end || end - start > NameRun.MOST_DIGITS || end - start > 1 && bytes[from + start] == '0') {
            return false;
        }
        if (next.length <= nameLength) {
            next = new byte[nameLength + 64];
        }
        System.arraycopy(bytes, from, next, 0, nameLength);
        length = nameLength;
        digits = start;
        digitsEnd = end;
        keySuffix = keyLength - end;
        number = 0;
        for (int i = start; i < end; i++) {
            number = number * 10 + next[i] - '0';
        }
        counts = true;
        advance();
        return counts;
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    /** From now on, no name comes next. */
    void stop() {
        counts = false;
    }

    /** Whether this is the name that comes next. */
    boolean matches(byte[] bytes, int from, int nameLength) {
        return nameLength == length && counts && Arrays.equals(bytes, from, from + nameLength, next, 0, length);
    }

    /** Goes to the name that comes next. */
    void advance() {
        number++;
        for (int i = digitsEnd - 1; i >= digits; i--) {
            if (next[i] != '9') {
                next[i]++;
                return;
            }
            next[i] = '0';
        }
        if (digitsEnd - digits == NameRun.MOST_DIGITS || length == MemberNames.MAX_LENGTH) {
            counts = false;
            return;
        }
        // 99 has become 00: a digit more.
        if (next.length == length) {
            next = Arrays.copyOf(next, length + 64);
        }
        System.arraycopy(next, digits, next, digits + 1, length - digits);
        next[digits] = '1';
        digitsEnd++;
        length++;
    }

    /** The number in the name that comes next. */
    int number() {
        return number;
    }

    /** The names from the one with that number on, as a run. */
    NameRun run(int first, int member, int count) {
        byte[] prefix = Arrays.copyOf(next, digits);
        byte[] suffix = Arrays.copyOfRange(next, digitsEnd, length);
        return new NameRun(prefix, suffix, keySuffix, first, member, count);
    }
}
