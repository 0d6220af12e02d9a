package org.arrownpz.cli.console;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * JSON in UTF-8 on its way out: control characters that JSON may hold as they are, U+007F to U+009F, become escapes, for some
 * terminals obey them. They can only stand in strings, where an escape means the same.
 */
final class JsonOutput extends FilterOutputStream {
    private static final int LEAD = 0xc2;
    private static final int DELETE = 0x7f;
    private static final int FIRST = 0x80;
    private static final int LAST = 0x9f;

    /** Whether the last byte was the first of two, and has not been written. */
    private boolean pending;

    JsonOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            int b = bytes[i] & 0xff;
            if (pending) {
                pending = false;
                if (b >= FIRST && b <= LAST) {
                    escape(b);
                } else {
                    out.write(LEAD);
                    out.write(b);
                }
                from = i + 1;
            } else if (b == LEAD || b == DELETE) {
                out.write(bytes, from, i - from);
                from = i + 1;
                pending = b == LEAD;
                if (b == DELETE) {
                    escape(b);
                }
            }
        }
        out.write(bytes, from, end - from);
    }

    private void escape(int character) throws IOException {
        String digits = "\\u00" + Integer.toHexString(character);
        out.write(digits.getBytes(StandardCharsets.US_ASCII));
    }
}
