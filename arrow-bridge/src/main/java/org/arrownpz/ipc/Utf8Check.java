package org.arrownpz.ipc;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.LongUnaryOperator;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;

/** Whether bytes are UTF-8 (RFC 3629), by the JDK's decoder. */
final class Utf8Check {
    private static final int WINDOW = 8192;

    private Utf8Check() {}

    /** Checks each valid value of a column of strings. */
    static void runs(
            LongUnaryOperator offsets, int length, ArrowBuf data, IntPredicate valid, IntFunction<NpzException> fault)
            throws NpzException {
        for (int i = 0; i < length; i++) {
            long start = offsets.applyAsLong(i);
            if (valid.test(i) && !isValid(data, start, offsets.applyAsLong(i + 1L) - start)) {
                throw fault.apply(i);
            }
        }
    }

    static boolean isValid(ArrowBuf data, long start, long length) {
        if (isAscii(data, start, length)) {
            return true;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer sink = CharBuffer.allocate(WINDOW);
        long done = 0;
        while (true) {
            int window = (int) Math.min(WINDOW, length - done);
            ByteBuffer bytes = data.nioBuffer(start + done, window);
            boolean last = done + window == length;
            CoderResult result = decoder.decode(bytes, sink.clear(), last);
            if (result.isError()) {
                return false;
            }
            if (last) {
                return true;
            }
            // A character cut by the window's end is left over and starts the next window.
            done += bytes.position();
        }
    }

    private static boolean isAscii(ArrowBuf data, long start, long length) {
        for (long i = start; i < start + length; i++) {
            if (data.getByte(i) < 0) {
                return false;
            }
        }
        return true;
    }
}
