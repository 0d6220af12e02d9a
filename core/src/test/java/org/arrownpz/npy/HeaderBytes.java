package org.arrownpz.npy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Headers put together by hand, and arrays of zeros under them. */
final class HeaderBytes {
    private HeaderBytes() {}

    static byte[] file(int major, String text, int dataLength) {
        byte[] encoded = text.getBytes(major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        int prefix = major == 1 ? 10 : 12;
        ByteBuffer out =
                ByteBuffer.allocate(prefix + encoded.length + dataLength).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) major);
        out.put((byte) 0);
        if (major == 1) {
            out.putShort((short) encoded.length);
        } else {
            out.putInt(encoded.length);
        }
        return out.put(encoded).array();
    }

    static String header(String descr, String shape) {
        return "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + "}\n";
    }
}
