package org.arrownpz.npz.internal.zip.read;

import static org.arrownpz.npz.internal.zip.LittleEndian.u16;

/** The extra block of a central or local record: a list of (id, length, data) (APPNOTE 4.5.1). */
final class ExtraFields {
    static final int ABSENT = -1;
    static final int TWICE = -2;

    private ExtraFields() {}

    /**
     * Whether the fields fill the block. A rest of zero bytes passes: old zipalign padded with bare zeros, of which
     * four form an empty field of id 0 and fewer none.
     */
    static boolean wellFormed(byte[] bytes, int from, int length) {
        int at = from;
        int end = from + length;
        while (end - at >= 4) {
            int size = u16(bytes, at + 2);
            if (size > end - at - 4) {
                return false;
            }
            at += 4 + size;
        }
        for (; at < end; at++) {
            if (bytes[at] != 0) {
                return false;
            }
        }
        return true;
    }

    /** The position of a field's data (its length is the u16 before), {@link #ABSENT} or {@link #TWICE}. */
    static int find(byte[] bytes, int from, int length, int id) {
        int found = ABSENT;
        int end = from + length;
        for (int at = from; end - at >= 4; at += 4 + u16(bytes, at + 2)) {
            if (u16(bytes, at) == id) {
                if (found != ABSENT) {
                    return TWICE;
                }
                found = at + 4;
            }
        }
        return found;
    }
}
