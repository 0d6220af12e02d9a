package org.arrownpz.internal.python;

import org.arrownpz.internal.python.PySyntaxException.Kind;

/** Reads one quoted Python string, prefix excluded. Used once, by {@link PyLiteral}. */
final class PyString {
    private final String text;
    private final int start;
    private final boolean bytes;
    private int position;

    PyString(String text, int start, boolean bytes) {
        this.text = text;
        this.start = start;
        this.bytes = bytes;
    }

    /** The index behind the closing quote. */
    int end() {
        return position;
    }

    PyValue read() throws PySyntaxException {
        char quote = text.charAt(start);
        position = start + 1;
        int plain = position;
        while (position < text.length() && isPlain(text.charAt(position), quote)) {
            position++;
        }
        if (position < text.length() && text.charAt(position) == quote) {
            String value = text.substring(plain, position++);
            return bytes ? new PyValue.Other("bytes") : new PyValue.Text(value, false);
        }
        StringBuilder out = new StringBuilder().append(text, plain, position);
        while (true) {
            char c = next();
            if (c == quote) {
                return bytes ? new PyValue.Other("bytes") : new PyValue.Text(out.toString(), true);
            }
            if (c == '\\') {
                escape(out);
            } else if (isPlain(c, quote)) {
                out.append(c);
            } else {
                position--;
                throw malformed(c == 0 ? "a NUL character in a string" : "a line break in a string");
            }
        }
    }

    private static boolean isPlain(char c, char quote) {
        return c != quote && c != '\\' && c != '\n' && c != '\r' && c != 0;
    }

    private void escape(StringBuilder out) throws PySyntaxException {
        char c = next();
        switch (c) {
            case '\\', '\'', '"' -> out.append(c);
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'a' -> out.append('\u0007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'v' -> out.append('\u000b');
            case 'x' -> out.append((char) hex(2));
            case 'u' -> out.appendCodePoint(unicode(4));
            case 'U' -> out.appendCodePoint(unicode(8));
            case '0', '1', '2', '3', '4', '5', '6', '7' -> out.append((char) octal(c - '0'));
            default -> {
                position--;
                throw malformed("an escape that Python's repr never writes");
            }
        }
    }

    private int unicode(int digits) throws PySyntaxException {
        int codePoint = hex(digits);
        // Two escaped surrogates are two characters in Python but would become one in Java.
        if (!Character.isValidCodePoint(codePoint) || (codePoint >= 0xD800 && codePoint <= 0xDFFF)) {
            throw malformed("an escape that is no character");
        }
        return codePoint;
    }

    private int hex(int digits) throws PySyntaxException {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            char c = next();
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                position--;
                throw malformed("an escape without its hexadecimal digits");
            }
            // Eight digits fill 32 bits; a value with the sign bit is no code point and is refused by the caller.
            value = (value << 4) | digit;
        }
        return value;
    }

    private int octal(int first) {
        int value = first;
        for (int i = 0; i < 2 && position < text.length(); i++) {
            char c = text.charAt(position);
            if (c < '0' || c > '7') {
                break;
            }
            value = value * 8 + (c - '0');
            position++;
        }
        return value;
    }

    private char next() throws PySyntaxException {
        if (position >= text.length()) {
            throw new PySyntaxException(Kind.INCOMPLETE, position, "the text ends within a string");
        }
        return text.charAt(position++);
    }

    private PySyntaxException malformed(String problem) {
        return new PySyntaxException(Kind.MALFORMED, position, problem);
    }
}
