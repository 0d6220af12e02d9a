package org.arrownpz.dtype;

import java.nio.ByteOrder;
import org.arrownpz.dtype.ScalarDType.ByteOrdering;
import org.arrownpz.internal.python.PyLiteral;
import org.jspecify.annotations.Nullable;

/**
 * The spelling of scalar types as {@code numpy.dtype} takes it: a byte order character, a kind and a size
 * ({@code <i8}), one of C's letters ({@code q}), a time with a unit in brackets ({@code <M8[ns]}), or a name.
 *
 * <p>NumPy reads sizes with C's {@code strtol}, which skips blanks, a plus sign and zeros before the digits.
 */
final class ScalarDescr {
    /** As NumPy, whose item size is a 32-bit integer. */
    private static final int MAX_ITEM_SIZE = Integer.MAX_VALUE;

    private static final DTypeKind[] KINDS = DTypeKind.values();

    private final String text;
    private int position;

    private ScalarDescr(String text) {
        this.text = text;
    }

    /** Whether the text spells Python objects: {@code O} or StringDType's {@code T}, whose data are a pickle. */
    static boolean isObject(String text) {
        if ("O".equals(TypeNames.spelling(text))) {
            return true;
        }
        int kind = orderLength(text);
        if (kind >= text.length() || (text.charAt(kind) != 'O' && text.charAt(kind) != 'T')) {
            return false;
        }
        return text.chars().skip(kind + 1L).allMatch(c -> PyLiteral.isDigit((char) c));
    }

    /** The type, or null when the text spells none. */
    static @Nullable ScalarDType parse(String text) {
        String named = TypeNames.spelling(text);
        return new ScalarDescr(named == null ? text : named).parse();
    }

    private static int orderLength(String text) {
        return !text.isEmpty() && "<>=|".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
    }

    private @Nullable ScalarDType parse() {
        ByteOrdering order = order();
        DTypeKind time = timeKind();
        if (time != null) {
            TimeUnit64 unit = unit();
            return unit == null ? null : new ScalarDType(time, order, 8, unit);
        }
        if (position >= text.length()) {
            return null;
        }
        char letter = text.charAt(position++);
        if (position == text.length()) {
            return bare(letter, order);
        }
        DTypeKind kind = letter == 'a' ? DTypeKind.BYTES : kind(letter);
        int size = kind == null ? -1 : number();
        if (kind == null || size < 0 || position < text.length()) {
            return null;
        }
        if (text.equals("<f1")) {
            // So np.save writes float8_e5m2 of ml_dtypes, and NumPy then refuses it: opaque, as its other types are.
            return new ScalarDType(DTypeKind.VOID, ByteOrdering.NONE, 1, null);
        }
        return kind.isTime() && size == 8
                ? new ScalarDType(kind, order, 8, TimeUnit64.GENERIC)
                : sized(kind, order, size);
    }

    // A missing order, '=' and '|' on multi-byte types mean the order of the reading machine.
    private ByteOrdering order() {
        position = orderLength(text);
        char symbol = position == 0 ? '=' : text.charAt(0);
        boolean little = symbol == '<' || (symbol != '>' && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
        return little ? ByteOrdering.LITTLE : ByteOrdering.BIG;
    }

    /** The kind of a type with a unit, whose place comes next; null for others. */
    private @Nullable DTypeKind timeKind() {
        if (take("M8") || take("datetime64")) {
            return DTypeKind.DATETIME;
        }
        return take("m8") || take("timedelta64") ? DTypeKind.TIMEDELTA : null;
    }

    private boolean take(String start) {
        boolean there = text.startsWith(start, position);
        position += there ? start.length() : 0;
        return there;
    }

    /** C's letters, without a size: those of {@code numpy.dtype.char}. */
    private static @Nullable ScalarDType bare(char letter, ByteOrdering order) {
        return switch (letter) {
            case '?' -> sized(DTypeKind.BOOL, order, 1);
            case 'b' -> sized(DTypeKind.INT, order, 1);
            case 'h' -> sized(DTypeKind.INT, order, 2);
            case 'i' -> sized(DTypeKind.INT, order, 4);
            case 'l', 'q', 'p', 'n' -> sized(DTypeKind.INT, order, 8);
            case 'B' -> sized(DTypeKind.UINT, order, 1);
            case 'H' -> sized(DTypeKind.UINT, order, 2);
            case 'I' -> sized(DTypeKind.UINT, order, 4);
            case 'L', 'Q', 'P', 'N' -> sized(DTypeKind.UINT, order, 8);
            case 'e' -> sized(DTypeKind.FLOAT, order, 2);
            case 'f' -> sized(DTypeKind.FLOAT, order, 4);
            case 'd' -> sized(DTypeKind.FLOAT, order, 8);
            case 'g' -> sized(DTypeKind.FLOAT, order, 16);
            case 'F' -> sized(DTypeKind.COMPLEX, order, 8);
            case 'D' -> sized(DTypeKind.COMPLEX, order, 16);
            case 'G' -> sized(DTypeKind.COMPLEX, order, 32);
            case 'S' -> sized(DTypeKind.BYTES, order, 0);
            case 'c' -> sized(DTypeKind.BYTES, order, 1);
            case 'U' -> sized(DTypeKind.UNICODE, order, 0);
            case 'V' -> sized(DTypeKind.VOID, order, 0);
            case 'M' -> new ScalarDType(DTypeKind.DATETIME, order, 8, TimeUnit64.GENERIC);
            case 'm' -> new ScalarDType(DTypeKind.TIMEDELTA, order, 8, TimeUnit64.GENERIC);
            default -> null;
        };
    }

    private static @Nullable DTypeKind kind(char letter) {
        for (DTypeKind kind : KINDS) {
            if (kind.letter() == letter) {
                return kind;
            }
        }
        return null;
    }

    /** The type of a kind and a size (of text: in characters), or null where there is none. */
    static @Nullable ScalarDType sized(DTypeKind kind, ByteOrdering order, int size) {
        boolean known = switch (kind) {
            case BOOL -> size == 1;
            case INT, UINT -> size == 1 || size == 2 || size == 4 || size == 8;
            // Long double is read as opaque bytes.
            case FLOAT -> size == 2 || size == 4 || size == 8 || size == 16;
            case COMPLEX -> size == 8 || size == 16 || size == 32;
            case BYTES, VOID -> true;
            case UNICODE -> size <= MAX_ITEM_SIZE / 4;
            case DATETIME, TIMEDELTA -> false;
        };
        if (!known) {
            return null;
        }
        boolean orderless = kind == DTypeKind.BYTES || kind == DTypeKind.VOID || size == 1 && kind != DTypeKind.UNICODE;
        long bytes = kind == DTypeKind.UNICODE ? 4L * size : size;
        return new ScalarDType(kind, orderless ? ByteOrdering.NONE : order, bytes, null);
    }

    /** The unit behind the kind; the generic one when there is none, null when it is wrong. */
    private @Nullable TimeUnit64 unit() {
        if (position == text.length()) {
            return TimeUnit64.GENERIC;
        }
        int end = text.indexOf(']', position);
        if (text.charAt(position) != '[' || end != text.length() - 1) {
            return null;
        }
        position++;
        int start = position;
        int multiplier = number();
        if (multiplier < 0) {
            // No number, or one that is too large: no unit begins with a digit.
            position = start;
            multiplier = 1;
        }
        int slash = text.indexOf('/', position);
        String symbol = text.substring(position, slash < 0 ? end : slash);
        if (symbol.equals("generic") && slash < 0) {
            return TimeUnit64.GENERIC;
        }
        TimeUnit64.Base base = TimeUnit64.Base.ofSymbol(symbol.equals("\u03bcs") ? "us" : symbol);
        if (base == null || multiplier < 1) {
            return null;
        }
        TimeUnit64 unit = new TimeUnit64(base, multiplier);
        if (slash < 0) {
            return unit;
        }
        position = slash + 1;
        int divisor = number();
        return divisor < 1 || position != end ? null : unit.dividedBy(divisor);
    }

    /** A decimal number as {@code strtol} reads it, or -1. */
    private int number() {
        while (position < text.length() && isBlank(text.charAt(position))) {
            position++;
        }
        char sign = position < text.length() ? text.charAt(position) : ' ';
        position += sign == '+' || sign == '-' ? 1 : 0;
        int start = position;
        long value = 0;
        while (position < text.length() && PyLiteral.isDigit(text.charAt(position))) {
            value = value * 10 + (text.charAt(position++) - '0');
            if (value > MAX_ITEM_SIZE) {
                return -1;
            }
        }
        return position == start || (sign == '-' && value > 0) ? -1 : (int) value;
    }

    // C's isspace().
    private static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
