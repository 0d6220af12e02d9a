package org.arrownpz.cli.console;

import java.util.Arrays;

/**
 * The width of text on a terminal: letters of Chinese, Japanese and Korean take two places, combining marks none.
 * Escape sequences of colours take none either.
 */
public final class Width {
    private static final String ELLIPSIS = "…";
    private static final char ESCAPE = '\u001b';

    /** First and last of the wide characters (East Asian Width W and F, and emoji), ascending. */
    private static final int[] WIDE = {
        0x1100, 0x115f, 0x231a, 0x231b, 0x2329, 0x232a, 0x23e9, 0x23ec, 0x23f0, 0x23f0, 0x23f3, 0x23f3, 0x25fd, 0x25fe,
        0x2614, 0x2615, 0x2648, 0x2653, 0x267f, 0x267f, 0x2693, 0x2693, 0x26a1, 0x26a1, 0x26aa, 0x26ab, 0x26bd, 0x26be,
        0x26c4, 0x26c5, 0x26ce, 0x26ce, 0x26d4, 0x26d4, 0x26ea, 0x26ea, 0x26f2, 0x26f3, 0x26f5, 0x26f5, 0x26fa, 0x26fa,
        0x26fd, 0x26fd, 0x2705, 0x2705, 0x270a, 0x270b, 0x2728, 0x2728, 0x274c, 0x274c, 0x274e, 0x274e, 0x2753, 0x2755,
        0x2757, 0x2757, 0x2795, 0x2797, 0x27b0, 0x27b0, 0x27bf, 0x27bf, 0x2b1b, 0x2b1c, 0x2b50, 0x2b50, 0x2b55, 0x2b55,
        0x2e80, 0x303e, 0x3041, 0x33ff, 0x3400, 0x4dbf, 0x4dc0, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff,
        0xfe10, 0xfe19, 0xfe30, 0xfe6f, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x18dff, 0x1aff0, 0x1b2ff, 0x1d300,
        0x1d376, 0x1f004, 0x1f004, 0x1f0cf, 0x1f0cf, 0x1f18e, 0x1f18e, 0x1f191, 0x1f19a, 0x1f200, 0x1f265, 0x1f300,
        0x1f320, 0x1f32d, 0x1f335, 0x1f337, 0x1f37c, 0x1f37e, 0x1f393, 0x1f3a0, 0x1f3ca, 0x1f3cf, 0x1f3d3, 0x1f3e0,
        0x1f3f0, 0x1f3f4, 0x1f3f4, 0x1f3f8, 0x1f43e, 0x1f440, 0x1f440, 0x1f442, 0x1f4fc, 0x1f4ff, 0x1f53d, 0x1f54b,
        0x1f54e, 0x1f550, 0x1f567, 0x1f57a, 0x1f57a, 0x1f595, 0x1f596, 0x1f5a4, 0x1f5a4, 0x1f5fb, 0x1f64f, 0x1f680,
        0x1f6c5, 0x1f6cc, 0x1f6cc, 0x1f6d0, 0x1f6d2, 0x1f6d5, 0x1f6d7, 0x1f6dc, 0x1f6df, 0x1f6eb, 0x1f6ec, 0x1f6f4,
        0x1f6fc, 0x1f7e0, 0x1f7eb, 0x1f7f0, 0x1f7f0, 0x1f90c, 0x1f93a, 0x1f93c, 0x1f945, 0x1f947, 0x1f9ff, 0x1fa70,
        0x1faff, 0x20000, 0x3fffd
    };

    /** Makes an emoji of the character before it, and so perhaps a wide one. */
    private static final int EMOJI_SELECTOR = 0xfe0f;

    private Width() {}

    /** The places that a text takes. */
    public static int of(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); ) {
            i = afterColors(text, i);
            if (i < text.length()) {
                int codePoint = text.codePointAt(i);
                width += of(codePoint);
                i += Character.charCount(codePoint);
            }
        }
        return width;
    }

    static int of(int codePoint) {
        if (codePoint < 0x300) {
            return 1;
        }
        int type = Character.getType(codePoint);
        if (codePoint != EMOJI_SELECTOR
                && (type == Character.NON_SPACING_MARK
                        || type == Character.ENCLOSING_MARK
                        || type == Character.FORMAT)) {
            return 0;
        }
        return isWide(codePoint) ? 2 : 1;
    }

    private static boolean isWide(int codePoint) {
        // Between the two of a pair, an odd number of entries is less.
        int at = Arrays.binarySearch(WIDE, codePoint);
        return at >= 0 || at % 2 == 0;
    }

    /** The text in at most so many places, with an ellipsis where something is missing. Text without colours. */
    public static String cut(String text, int places) {
        // Marks take no place, but memory; nobody reads a hundred on a letter.
        if (text.length() <= 8 * places + 8 && of(text) <= places) {
            return text;
        }
        return places <= 0 ? "" : text.substring(0, end(text, 0, places - 1)) + ELLIPSIS;
    }

    /** The end of the text that begins at a position and takes at most so many places. */
    static int end(String text, int start, int places) {
        int used = 0;
        int limit = Math.min(text.length(), start + 8 * places + 8);
        int i = start;
        while (i < limit) {
            int next = afterColors(text, i);
            if (next > i) {
                i = next;
                limit = Math.max(limit, Math.min(text.length(), i));
                continue;
            }
            int codePoint = text.codePointAt(i);
            used += of(codePoint);
            if (used > places) {
                break;
            }
            i += Character.charCount(codePoint);
        }
        return i;
    }

    /** The text, filled up with blanks to so many places. */
    public static String pad(String text, int places, boolean right) {
        String blanks = " ".repeat(Math.max(0, places - of(text)));
        return right ? blanks + text : text + blanks;
    }

    private static int afterColors(String text, int start) {
        int i = start;
        while (i + 1 < text.length() && text.charAt(i) == ESCAPE && text.charAt(i + 1) == '[') {
            int end = text.indexOf('m', i);
            if (end < 0) {
                break;
            }
            i = end + 1;
        }
        return i;
    }
}
