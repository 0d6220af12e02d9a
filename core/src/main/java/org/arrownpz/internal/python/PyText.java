package org.arrownpz.internal.python;

import java.util.HexFormat;
import java.util.Objects;

/** Python's spelling of strings and bytes. All methods are safe for use by several threads. */
public final class PyText {
    private PyText() {}

    /** Python's {@code repr} of a string: single quotes unless only those occur, escapes as Python writes them. */
    public static String repr(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
        text.codePoints().forEach(codePoint -> append(out, codePoint, quote, isPrintable(codePoint)));
        return out.append(quote).toString();
    }

    /**
     * Python's {@code repr} of bytes: as that of a string, with a {@code b} before it and ASCII alone as it is.
     *
     * @throws IndexOutOfBoundsException when the range is not in the array
     */
    public static String repr(byte[] data, int from, int length) {
        Objects.checkFromIndexSize(from, length, data.length);
        boolean single = false;
        boolean twofold = false;
        for (int i = from; i < from + length; i++) {
            single |= data[i] == '\'';
            twofold |= data[i] == '"';
        }
        char quote = single && !twofold ? '"' : '\'';
        StringBuilder out = new StringBuilder(length + 3).append('b').append(quote);
        for (int i = from; i < from + length; i++) {
            int unit = data[i] & 0xFF;
            append(out, unit, quote, unit >= ' ' && unit < 0x7F);
        }
        return out.append(quote).toString();
    }

    // Not String.format, which takes half a kilobyte of heap for each.
    private static void append(StringBuilder out, int codePoint, char quote, boolean printable) {
        switch (codePoint) {
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (codePoint == quote) {
                    out.append('\\').append(quote);
                } else if (printable) {
                    out.appendCodePoint(codePoint);
                } else if (codePoint < 0x100) {
                    out.append("\\x").append(HexFormat.of().toHexDigits(codePoint, 2));
                } else if (codePoint < 0x10000) {
                    out.append("\\u").append(HexFormat.of().toHexDigits(codePoint, 4));
                } else {
                    out.append("\\U").append(HexFormat.of().toHexDigits(codePoint, 8));
                }
            }
        }
    }

    // Python's str.isprintable: no control, format, surrogate, private, unassigned or separator but the blank.
    private static boolean isPrintable(int codePoint) {
        if (codePoint == ' ') {
            return true;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }
}
