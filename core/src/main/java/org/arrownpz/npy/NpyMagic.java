package org.arrownpz.npy;

import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/** The fault of a file that does not start as an NPY file does: it tells the formats people confuse it with. */
final class NpyMagic {
    private NpyMagic() {}

    static NpzException fault(byte[] bytes, int length, Location location) {
        NpzException.Builder fault = location.error(ErrorCode.MAGIC, "this is no NPY file")
                .at(0)
                .expected("it to start with \\x93NUMPY and a version")
                .found(length == 0 ? "an empty file" : found(bytes, length));
        if (startsWith(bytes, length, "PK")) {
            fault.remedy("The file looks like a zip archive: open it as an NPZ.");
        }
        return fault.build();
    }

    private static String found(byte[] bytes, int length) {
        if (startsWith(bytes, length, "PK")) {
            return "a zip archive";
        }
        if (startsWith(bytes, length, "\u001f\u008b")) {
            return "a gzip stream";
        }
        if (startsWith(bytes, length, "\u0080") && length > 1 && bytes[1] >= 2 && bytes[1] <= 5) {
            return "a Python pickle, which is never read";
        }
        StringBuilder text = new StringBuilder("bytes");
        for (int i = 0; i < Math.min(length, 8); i++) {
            text.append(String.format(" %02x", bytes[i]));
        }
        return text.toString();
    }

    private static boolean startsWith(byte[] bytes, int length, String latin1) {
        if (length < latin1.length()) {
            return false;
        }
        for (int i = 0; i < latin1.length(); i++) {
            if ((bytes[i] & 0xff) != latin1.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
