package org.arrownpz.cli.console;

import org.jline.utils.WCWidth;

/**
 * The width of text on a terminal: letters of Chinese, Japanese and Korean take two places, combining marks none.
 * Escape sequences of colours take none either.
 */
public final class Width {
    private static final String ELLIPSIS = "…";
    private static final char ESCAPE = '\u001b';

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
        return codePoint == EMOJI_SELECTOR || codePoint < 0x300 ? 1 : Math.max(0, WCWidth.wcwidth(codePoint));
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
