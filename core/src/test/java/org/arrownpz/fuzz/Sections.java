package org.arrownpz.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Parts of an input, separated by a mark instead of preceded by lengths: a byte more or less in one part leaves the
 * others what they are, so that mutations stay small.
 */
public final class Sections {
    /** Four bytes that no format here uses. */
    private static final byte[] MARK = {(byte) 0xF5, '~', '|', (byte) 0xFA};

    private Sections() {}

    /** The parts, at most that many; the last one keeps what is left. */
    public static List<byte[]> split(byte[] data, int from, int most) {
        List<byte[]> parts = new ArrayList<>();
        int start = from;
        for (int i = from; i <= data.length - MARK.length && parts.size() < most - 1; i++) {
            if (Arrays.equals(data, i, i + MARK.length, MARK, 0, MARK.length)) {
                parts.add(Arrays.copyOfRange(data, start, i));
                start = i + MARK.length;
                i = start - 1;
            }
        }
        parts.add(Arrays.copyOfRange(data, Math.min(start, data.length), data.length));
        return parts;
    }

    /** An input of those parts. */
    public static byte[] join(byte[] head, List<byte[]> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head);
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                out.writeBytes(MARK);
            }
            out.writeBytes(parts.get(i));
        }
        return out.toByteArray();
    }
}
