package org.arrownpz.internal.python;

import java.util.ArrayList;
import java.util.List;
import org.arrownpz.internal.python.PySyntaxException.Kind;

/**
 * Reads the subset of Python literals that NPY headers consist of (NEP 1 prescribes {@code ast.literal_eval}): dict,
 * tuple, list, set, strings, decimal numbers, {@code True}, {@code False}, {@code None}, redundant parentheses, and
 * ASCII blanks anywhere between them.
 *
 * <p>Python spellings that no writer produces are refused rather than interpreted: hexadecimal and underscored numbers,
 * a plus sign, minus zero, adjacent strings, raw, formatted and triple-quoted strings, comments and line continuations.
 * Nothing is evaluated. Work is linear in the text, and the stack is bounded by the nesting limit.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class PyLiteral {
    private static final PyValue TRUE = new PyValue.Bool(true);
    private static final PyValue FALSE = new PyValue.Bool(false);
    private static final PyValue NONE = new PyValue.Other("None");
    private static final PyValue FLOAT = new PyValue.Other("a float");
    private static final PyValue COMPLEX = new PyValue.Other("a complex number");
    private static final PyValue SET = new PyValue.Other("a set");

    private final String text;
    private final int maxNesting;
    private final boolean longSuffix;
    private int position;
    private int nesting;
    private int openLists;

    private PyLiteral(String text, int maxNesting, boolean longSuffix) {
        this.text = text;
        this.maxNesting = maxNesting;
        this.longSuffix = longSuffix;
    }

    /**
     * The value of the one literal that the text holds.
     *
     * @param maxNesting how deep brackets may be nested
     * @param longSuffix whether integers may end in {@code L}, as Python 2 wrote them into versions 1.0 and 2.0
     */
    public static PyValue parse(String text, int maxNesting, boolean longSuffix) throws PySyntaxException {
        PyLiteral parser = new PyLiteral(text, maxNesting, longSuffix);
        PyValue value = parser.value();
        parser.skipBlanks();
        if (parser.position < text.length()) {
            throw parser.malformed("unexpected text after the literal");
        }
        return value;
    }

    private PyValue value() throws PySyntaxException {
        char c = peekToken();
        switch (c) {
            case '(':
                return parenthesised();
            case '[':
                return sequence();
            case '{':
                return braced();
            case '\'', '"':
                return string(false);
            default:
                if (isDigit(c) || c == '-' || c == '.') {
                    return number();
                }
                if (isNameStart(c)) {
                    return name();
                }
                throw malformed("expected a value");
        }
    }

    private PyValue sequence() throws PySyntaxException {
        openLists++;
        enter();
        List<PyValue> items = new ArrayList<>();
        items(items, false, ']');
        openLists--;
        return new PyValue.Sequence(items);
    }

    private PyValue parenthesised() throws PySyntaxException {
        enter();
        List<PyValue> items = new ArrayList<>();
        boolean comma = items(items, false, ')');
        return items.size() == 1 && !comma ? items.get(0) : new PyValue.Tuple(items);
    }

    /** Reads items up to the closing bracket, behind those already there; returns whether a comma followed the last. */
    private boolean items(List<PyValue> items, boolean afterComma, char close) throws PySyntaxException {
        boolean comma = afterComma;
        while (peekToken() != close) {
            if (!items.isEmpty() && !comma) {
                throw malformed("expected ',' or '" + close + "'");
            }
            items.add(value());
            comma = takeComma();
        }
        leave();
        return comma;
    }

    private PyValue braced() throws PySyntaxException {
        enter();
        if (peekToken() == '}') {
            leave();
            return new PyValue.Dict(List.of());
        }
        PyValue first = value();
        if (peekToken() != ':') {
            List<PyValue> members = new ArrayList<>();
            members.add(first);
            items(members, takeComma(), '}');
            return SET;
        }
        List<PyValue.Entry> entries = new ArrayList<>();
        PyValue key = first;
        while (true) {
            if (peekToken() != ':') {
                throw malformed("expected ':'");
            }
            position++;
            entries.add(new PyValue.Entry(key, value()));
            boolean comma = takeComma();
            if (peekToken() == '}') {
                leave();
                return new PyValue.Dict(entries);
            }
            if (!comma) {
                throw malformed("expected ',' or '}'");
            }
            key = value();
        }
    }

    private PyValue name() throws PySyntaxException {
        int start = position;
        int end = start;
        while (end < text.length() && isNamePart(text.charAt(end))) {
            end++;
        }
        if (end - start == 1 && end < text.length() && (text.charAt(end) == '\'' || text.charAt(end) == '"')) {
            switch (text.charAt(start)) {
                case 'u', 'U':
                    position = end;
                    return string(false);
                case 'b', 'B':
                    position = end;
                    return string(true);
                default:
                    throw malformed("a string prefix other than u and b");
            }
        }
        PyValue value = switch (text.substring(start, Math.min(end, start + 8))) {
            case "True" -> TRUE;
            case "False" -> FALSE;
            case "None" -> NONE;
            default -> throw malformed("a name other than True, False and None");
        };
        position = end;
        return value;
    }

    private PyValue string(boolean bytes) throws PySyntaxException {
        PyString string = new PyString(text, position, bytes);
        PyValue value = string.read();
        position = string.end();
        return value;
    }

    private PyValue number() throws PySyntaxException {
        int start = position;
        boolean negative = text.charAt(position) == '-';
        if (negative) {
            position++;
        }
        int digits = position;
        long magnitude = 0;
        boolean exact = true;
        while (position < text.length() && isDigit(text.charAt(position))) {
            int digit = text.charAt(position++) - '0';
            // One short of the smallest long, which no header needs, so that negation is safe.
            if (magnitude > (Long.MAX_VALUE - digit) / 10) {
                exact = false;
            } else {
                magnitude = magnitude * 10 + digit;
            }
        }
        int count = position - digits;
        char next = position < text.length() ? text.charAt(position) : ' ';
        if (next == '.' || (count > 0 && (next == 'e' || next == 'E' || next == 'j' || next == 'J'))) {
            return fraction(count);
        }
        boolean leadingZero = count > 0 && text.charAt(digits) == '0' && (count > 1 || negative);
        if (count == 0 || leadingZero) {
            position = start;
            throw malformed(count == 0 ? "a sign without digits" : "an integer with a leading zero");
        }
        if (longSuffix && next == 'L') {
            position++;
        }
        endOfNumber();
        long value = exact ? magnitude : Long.MAX_VALUE;
        return new PyValue.Int(negative ? -value : value, exact);
    }

    private PyValue fraction(int digitsBefore) throws PySyntaxException {
        int digits = digitsBefore;
        if (text.charAt(position) == '.') {
            position++;
            digits += digits();
        }
        if (digits == 0) {
            throw malformed("a point without digits");
        }
        if (position < text.length() && (text.charAt(position) == 'e' || text.charAt(position) == 'E')) {
            position++;
            if (position < text.length() && (text.charAt(position) == '+' || text.charAt(position) == '-')) {
                position++;
            }
            if (digits() == 0) {
                throw malformed("an exponent without digits");
            }
        }
        if (position < text.length() && (text.charAt(position) == 'j' || text.charAt(position) == 'J')) {
            position++;
            endOfNumber();
            return COMPLEX;
        }
        endOfNumber();
        return FLOAT;
    }

    private int digits() {
        int start = position;
        while (position < text.length() && isDigit(text.charAt(position))) {
            position++;
        }
        return position - start;
    }

    private void endOfNumber() throws PySyntaxException {
        if (position < text.length() && isNamePart(text.charAt(position))) {
            throw malformed("a number is followed by a letter, digit or underscore");
        }
    }

    private void enter() throws PySyntaxException {
        if (++nesting > maxNesting) {
            throw new PySyntaxException(
                    openLists > 0 ? Kind.LISTS_TOO_DEEP : Kind.TOO_DEEP,
                    position,
                    "brackets are nested deeper than " + maxNesting);
        }
        position++;
    }

    private void leave() {
        nesting--;
        position++;
    }

    private boolean takeComma() throws PySyntaxException {
        if (peekToken() != ',') {
            return false;
        }
        position++;
        return true;
    }

    /** The first character of the next token, which stays unread. */
    private char peekToken() throws PySyntaxException {
        skipBlanks();
        if (position >= text.length()) {
            throw new PySyntaxException(Kind.INCOMPLETE, position, "the text ends within the literal");
        }
        return text.charAt(position);
    }

    private void skipBlanks() {
        while (position < text.length() && isBlank(text.charAt(position))) {
            position++;
        }
    }

    private PySyntaxException malformed(String problem) {
        return new PySyntaxException(Kind.MALFORMED, position, problem);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
    }

    // ASCII only: Character.isDigit also takes digits of other scripts, which Python refuses.
    public static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isNamePart(char c) {
        return isNameStart(c) || isDigit(c);
    }
}
