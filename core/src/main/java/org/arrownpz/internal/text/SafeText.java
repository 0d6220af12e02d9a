package org.arrownpz.internal.text;

/**
 * Text from files made safe for messages, logs and terminals: escaped, and cut to 80 characters.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class SafeText {
    private static final int DEFAULT_LENGTH = 80;

    private SafeText() {}

    /** The text with control, format and lone surrogate characters as {@code \\uXXXX}, cut to 80 characters. */
    public static String escape(String text) {
        return escape(text, DEFAULT_LENGTH);
    }

    /** {@link #escape(String)} in single quotes. */
    public static String quote(String text) {
        return "'" + escape(text) + "'";
    }

    /** The text escaped and cut to the given number of characters. */
    public static String escape(String text, int maxLength) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), maxLength) + 8);
        int i = 0;
        while (i < text.length()) {
            if (out.length() >= maxLength) {
                return out.append('…').toString();
            }
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            appendEscaped(out, codePoint);
        }
        return out.toString();
    }

    private static void appendEscaped(StringBuilder out, int codePoint) {
        switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> {
                switch (codePoint) {
                    case '\n' -> out.append("\\n");
                    case '\r' -> out.append("\\r");
                    case '\t' -> out.append("\\t");
                    default -> {
                        for (char unit : Character.toChars(codePoint)) {
                            out.append("\\u").append(String.format("%04x", (int) unit));
                        }
                    }
                }
            }
            default -> out.appendCodePoint(codePoint);
        }
    }
}
