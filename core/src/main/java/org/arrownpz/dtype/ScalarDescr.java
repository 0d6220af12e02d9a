package org.arrownpz.dtype;

import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The spelling of scalar types: a byte order character, a kind, a size, and for times a unit in brackets. */
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
        int kind = orderLength(text);
        if (kind >= text.length() || (text.charAt(kind) != 'O' && text.charAt(kind) != 'T')) {
            return false;
        }
        return text.chars().skip(kind + 1L).allMatch(c -> PyLiteral.isDigit((char) c));
    }

    /** The type, or null when the text spells none. */
    static @Nullable ScalarDType parse(String text) {
        return new ScalarDescr(text).parse();
    }

    private static int orderLength(String text) {
        return !text.isEmpty() && "<>=|".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
    }

    private @Nullable ScalarDType parse() {
        ByteOrdering order = order();
        if (position >= text.length()) {
            return null;
        }
        char letter = text.charAt(position++);
        if (position == text.length()) {
            return bare(letter, order);
        }
        DTypeKind kind = kind(letter);
        int size = kind == null ? -1 : size();
        if (kind == null || size < 0) {
            return null;
        }
        if (kind.isTime()) {
            TimeUnit64 unit = size == 8 ? unit() : null;
            return unit == null ? null : new ScalarDType(kind, order, 8, unit);
        }
        return position == text.length() ? sized(kind, order, size) : null;
    }

    // A missing order, '=' and '|' on multi-byte types mean the order of the reading machine.
    private ByteOrdering order() {
        position = orderLength(text);
        char symbol = position == 0 ? '=' : text.charAt(0);
        boolean little = symbol == '<' || (symbol != '>' && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
        return little ? ByteOrdering.LITTLE : ByteOrdering.BIG;
    }

    /** Kinds without a size, as far as they mean the same on every platform. */
    private static @Nullable ScalarDType bare(char letter, ByteOrdering order) {
        return switch (letter) {
            case '?' -> sized(DTypeKind.BOOL, order, 1);
            case 'S' -> sized(DTypeKind.BYTES, order, 0);
            case 'U' -> sized(DTypeKind.UNICODE, order, 0);
            case 'g' -> sized(DTypeKind.FLOAT, order, 16);
            case 'G' -> sized(DTypeKind.COMPLEX, order, 32);
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

    private static @Nullable ScalarDType sized(DTypeKind kind, ByteOrdering order, int size) {
        boolean known = switch (kind) {
            case BOOL -> size == 1;
            case INT, UINT -> size == 1 || size == 2 || size == 4 || size == 8;
            // Long double is read as opaque bytes.
            case FLOAT -> size == 2 || size == 4 || size == 8 || size == 16;
            case COMPLEX -> size == 8 || size == 16 || size == 32;
            case BYTES -> true;
            case UNICODE -> size <= MAX_ITEM_SIZE / 4;
            case VOID -> size > 0;
            case DATETIME, TIMEDELTA -> false;
        };
        if (!known) {
            return null;
        }
        boolean orderless = kind == DTypeKind.BYTES || kind == DTypeKind.VOID || size == 1 && kind != DTypeKind.UNICODE;
        long bytes = kind == DTypeKind.UNICODE ? 4L * size : size;
        return new ScalarDType(kind, orderless ? ByteOrdering.NONE : order, bytes, null);
    }

    /** The unit behind the size; the generic one when there is none, null when it is wrong. */
    private @Nullable TimeUnit64 unit() {
        String rest = text.substring(position);
        if (rest.isEmpty() || rest.equals("[generic]")) {
            return TimeUnit64.GENERIC;
        }
        if (!rest.startsWith("[") || !rest.endsWith("]")) {
            return null;
        }
        position++;
        int multiplier = 1;
        if (PyLiteral.isDigit(text.charAt(position))) {
            multiplier = size();
        }
        TimeUnit64.Base base = TimeUnit64.Base.ofSymbol(text.substring(position, text.length() - 1));
        return base == null || multiplier < 1 ? null : new TimeUnit64(base, multiplier);
    }

    /** A decimal number without leading zeros, or -1. */
    private int size() {
        int start = position;
        long value = 0;
        while (position < text.length() && PyLiteral.isDigit(text.charAt(position))) {
            value = value * 10 + (text.charAt(position++) - '0');
            if (value > MAX_ITEM_SIZE) {
                return -1;
            }
        }
        boolean leadingZero = position - start > 1 && text.charAt(start) == '0';
        return position == start || leadingZero ? -1 : (int) value;
    }
}
