package org.arrownpz;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Text from files made safe for messages, logs and terminals: escaped, and cut to 80 characters.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class SafeText {
    private static final int DEFAULT_LENGTH = 80;
    private static final int SHOWN = 20;
    private static final int LOOKED_AT = 100_000;

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

    /** The message for a name that is not there, for instance {@code there is no column 'q'; there are a, b}. */
    public static IllegalArgumentException unknown(String what, String name, Collection<String> known) {
        return new IllegalArgumentException(
                "there is no " + what + " " + quote(name) + "; there are " + some(name, known));
    }

    /** Some of the names: those that begin most like this one, in their own order. */
    public static String some(String name, Collection<String> known) {
        if (known.isEmpty()) {
            return "none";
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        List<String> shown = known.stream()
                .limit(LOOKED_AT)
                .sorted(Comparator.comparingInt((String other) -> -common(wanted, other.toLowerCase(Locale.ROOT))))
                .limit(SHOWN)
                .toList();
        List<String> inOrder = known.size() > SHOWN ? shown : List.copyOf(known);
        return inOrder.stream().map(SafeText::escape).collect(Collectors.joining(", "))
                + (known.size() > SHOWN ? " and " + (known.size() - SHOWN) + " more" : "");
    }

    private static int common(String a, String b) {
        int end = Math.min(a.length(), b.length());
        for (int i = 0; i < end; i++) {
            if (a.charAt(i) != b.charAt(i)) {
                return i;
            }
        }
        return end;
    }
}
