package org.arrownpz.dtype;

import java.util.ArrayList;
import java.util.List;
import org.arrownpz.internal.python.PyLiteral;
import org.arrownpz.internal.python.PySyntaxException;
import org.arrownpz.internal.python.PyValue;
import org.jspecify.annotations.Nullable;

/**
 * Spellings of records and sub-arrays in one string: {@code i4,f8}, {@code (2,3)i4}, {@code 2i4}. As NumPy does, they are
 * rewritten as the lists and tuples that say the same.
 */
final class CommaDescr {
    private static final String ORDERS = "<>|=";

    private final String text;
    private int position;

    private CommaDescr(String text) {
        this.text = text;
    }

    /** Whether a string is of this form. */
    static boolean isOne(String text) {
        int start = ordered(text, 0) ? 1 : 0;
        if (start < text.length() && PyLiteral.isDigit(text.charAt(start))) {
            return true;
        }
        if (text.startsWith("()", start) && (start == 0 || text.length() > 3)) {
            return true;
        }
        int brackets = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '[' -> brackets++;
                case ']' -> brackets--;
                case ',' -> {
                    if (brackets == 0) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        return false;
    }

    /**
     * A list of the fields {@code f0}, {@code f1}, …; without a comma a pair of type and shape or count, or the type
     * alone. Null when NumPy does not understand the string.
     */
    static @Nullable PyValue expand(String text) {
        try {
            return new CommaDescr(text).expand();
        } catch (PySyntaxException e) {
            return null;
        }
    }

    private PyValue expand() throws PySyntaxException {
        List<List<PyValue>> items = new ArrayList<>();
        boolean record = false;
        while (position < text.length()) {
            items.add(item());
            int end = position;
            skipBlanks();
            if (position < text.length()) {
                if (text.charAt(position) != ',') {
                    throw unknown(end);
                }
                position++;
                skipBlanks();
                record = true;
            }
        }
        if (!record) {
            return items.get(0).size() == 1 ? items.get(0).get(0) : new PyValue.Tuple(items.get(0));
        }
        List<PyValue> fields = new ArrayList<>(items.size());
        for (List<PyValue> item : items) {
            List<PyValue> field = new ArrayList<>(3);
            field.add(new PyValue.Text("f" + fields.size(), false));
            field.addAll(item);
            fields.add(new PyValue.Tuple(field));
        }
        return new PyValue.Sequence(fields);
    }

    /** A type, and its count or shape where it has one. The byte order stands before the count, behind it, or both. */
    private List<PyValue> item() throws PySyntaxException {
        String before = order();
        int start = position;
        skip(" ");
        if (at('(')) {
            position++;
        }
        skip(" ,0123456789");
        if (at(')')) {
            position++;
        }
        skip(" ");
        String repeats = text.substring(start, position);
        String behind = order();
        if (!before.isEmpty() && !behind.isEmpty() && !nativeAsLittle(before).equals(nativeAsLittle(behind))) {
            throw unknown(position);
        }
        String order = before.isEmpty() ? behind : before;
        String name = name();
        // Names take no byte order, but lists of them do, as long as it is that of the machine.
        boolean kept = order.equals(">") || (order.equals("<") && TypeNames.spelling(name) == null);
        PyValue type = new PyValue.Text(kept ? order + name : name, false);
        if (repeats.isEmpty()) {
            return List.of(type);
        }
        if (repeats.isBlank()) {
            throw unknown(start);
        }
        // In brackets, 2,3 is a tuple, too, and (2,3) itself.
        return List.of(type, PyLiteral.parse("(" + repeats + ")", 3, false));
    }

    private String name() {
        int start = position;
        while (position < text.length() && (isAlphanumeric(text.charAt(position)) || at('.') || at('?'))) {
            position++;
        }
        if (at('[')) {
            int end = position + 1;
            while (end < text.length()
                    && (isAlphanumeric(text.charAt(end)) || text.charAt(end) == ',' || text.charAt(end) == '.')) {
                end++;
            }
            if (end > position + 1 && end < text.length() && text.charAt(end) == ']') {
                position = end + 1;
            }
        }
        return text.substring(start, position);
    }

    private String order() {
        return ordered(text, position) ? text.substring(position, ++position) : "";
    }

    private static String nativeAsLittle(String order) {
        return order.equals("=") ? "<" : order;
    }

    private static boolean ordered(String text, int at) {
        return at < text.length() && ORDERS.indexOf(text.charAt(at)) >= 0;
    }

    private boolean at(char c) {
        return position < text.length() && text.charAt(position) == c;
    }

    private void skip(String characters) {
        while (position < text.length() && characters.indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    // Python's str.isspace().
    private void skipBlanks() {
        while (position < text.length()
                && (Character.isWhitespace(text.charAt(position))
                        || Character.isSpaceChar(text.charAt(position))
                        || at('\u0085'))) {
            position++;
        }
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || PyLiteral.isDigit(c);
    }

    private PySyntaxException unknown(int at) {
        return new PySyntaxException(PySyntaxException.Kind.MALFORMED, at, "no type");
    }
}
