package org.arrownpz.frame.label;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeText;
import org.arrownpz.dtype.TimeUnit64;
import org.arrownpz.internal.python.PyFloat;
import org.arrownpz.internal.python.PyText;

/** Single items of a label array as Python values. */
final class LabelItem {
    private static final VarHandle UNITS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private LabelItem() {}

    static Label read(ScalarDType dtype, byte[] data, int position) {
        int size = (int) dtype.itemSize();
        int at = position * size;
        ByteBuffer bytes = ByteBuffer.wrap(data).order(dtype.javaOrder());
        return switch (dtype.kind()) {
            case BOOL -> new Label.Bool(data[at] != 0);
            case INT -> Label.of(integer(bytes, at, size));
            case UINT -> new Label.Int(unsigned(integer(bytes, at, size), size));
            case FLOAT -> size == 16 ? raw(data, at, size) : new Label.Float(floating(bytes, at, size));
            case COMPLEX ->
                size == 32
                        ? raw(data, at, size)
                        : complex(floating(bytes, at, size / 2), floating(bytes, at + size / 2, size / 2), size / 2);
            case UNICODE -> Label.of(text(dtype, data, position));
            case BYTES -> {
                String repr = PyText.repr(data, at, trimmed(data, at, size));
                yield new Label.Item(repr, repr);
            }
            case VOID -> raw(data, at, size);
            case DATETIME -> {
                String iso = TimeText.datetime(bytes.getLong(at), unit(dtype));
                yield new Label.Moment(iso, "np.datetime64('" + iso + "')");
            }
            case TIMEDELTA -> {
                long value = bytes.getLong(at);
                String count = value == TimeText.NAT
                        ? "'NaT'"
                        : BigInteger.valueOf(value)
                                .multiply(BigInteger.valueOf(unit(dtype).multiplier()))
                                .toString();
                yield new Label.Item(
                        TimeText.timedelta(value, unit(dtype)),
                        "np.timedelta64(" + count + ",'" + unit(dtype).base().symbol() + "')");
            }
        };
    }

    private static TimeUnit64 unit(ScalarDType dtype) {
        TimeUnit64 unit = dtype.unit();
        return unit == null ? TimeUnit64.GENERIC : unit;
    }

    private static long integer(ByteBuffer bytes, int at, int size) {
        return switch (size) {
            case 1 -> bytes.get(at);
            case 2 -> bytes.getShort(at);
            case 4 -> bytes.getInt(at);
            default -> bytes.getLong(at);
        };
    }

    private static BigInteger unsigned(long value, int size) {
        return switch (size) {
            case 1 -> BigInteger.valueOf(value & 0xFF);
            case 2 -> BigInteger.valueOf(value & 0xFFFF);
            case 4 -> BigInteger.valueOf(value & 0xFFFF_FFFFL);
            default -> new BigInteger(Long.toUnsignedString(value));
        };
    }

    private static double floating(ByteBuffer bytes, int at, int size) {
        return switch (size) {
            case 2 -> org.apache.arrow.memory.util.Float16.toFloat(bytes.getShort(at));
            case 4 -> bytes.getFloat(at);
            default -> bytes.getDouble(at);
        };
    }

    private static Label complex(double real, double imaginary, int bytes) {
        String tail = PyFloat.reprInComplex(imaginary, bytes) + "j";
        String text;
        if (real == 0 && 1 / real > 0) {
            text = tail;
        } else {
            text = "(" + PyFloat.reprInComplex(real, bytes) + (tail.startsWith("-") ? "" : "+") + tail + ")";
        }
        return new Label.Item(text, text);
    }

    private static Label raw(byte[] data, int at, int size) {
        String repr = PyText.repr(data, at, size);
        return new Label.Item(repr, repr);
    }

    private static int trimmed(byte[] data, int at, int size) {
        int length = size;
        while (length > 0 && data[at + length - 1] == 0) {
            length--;
        }
        return length;
    }

    /** The text of a unicode item without trailing NULs; lone surrogates as {@code \\udXXX}, for fields are UTF-8. */
    static String text(ScalarDType dtype, byte[] data, int position) {
        return text(dtype, data, position, new byte[(int) dtype.itemSize() / 4]);
    }

    /** {@link #text(ScalarDType, byte[], int)} of all items. */
    static List<String> texts(ScalarDType dtype, byte[] data, int length) {
        byte[] latin = new byte[(int) dtype.itemSize() / 4];
        List<String> texts = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            texts.add(text(dtype, data, i, latin));
        }
        return texts;
    }

    /** @param latin room for the characters of an item */
    private static String text(ScalarDType dtype, byte[] data, int position, byte[] latin) {
        int size = (int) dtype.itemSize();
        int at = position * size;
        boolean bigEndian = dtype.isBigEndian();
        int end = at + size;
        while (end > at && (int) UNITS.get(data, end - 4) == 0) {
            end -= 4;
        }
        int length = (end - at) / 4;
        for (int i = 0; i < length; i++) {
            int unit = codeUnit(data, at + 4 * i, bigEndian);
            if (unit < 0 || unit > 0xFF) {
                return wide(dtype, data, at, end);
            }
            latin[i] = (byte) unit;
        }
        return new String(latin, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static String wide(ScalarDType dtype, byte[] data, int start, int end) {
        StringBuilder text = new StringBuilder((end - start) / 4 + 8);
        for (int at = start; at < end; at += 4) {
            int unit = codeUnit(data, at, dtype.isBigEndian());
            if (unit >= 0xD800 && unit <= 0xDFFF) {
                text.append("\\u").append(Integer.toHexString(unit));
            } else {
                text.appendCodePoint(unit);
            }
        }
        return text.toString();
    }

    private static int codeUnit(byte[] data, int at, boolean bigEndian) {
        int unit = (int) UNITS.get(data, at);
        return bigEndian ? Integer.reverseBytes(unit) : unit;
    }

    /** The byte position of the first code unit above U+10FFFF, or -1. */
    static int firstBadCodePoint(ScalarDType dtype, byte[] data) {
        if (dtype.kind() != DTypeKind.UNICODE) {
            return -1;
        }
        for (int at = 0; at + 4 <= data.length; at += 4) {
            int unit = codeUnit(data, at, dtype.isBigEndian());
            if (unit < 0 || unit > Character.MAX_CODE_POINT) {
                return at;
            }
        }
        return -1;
    }
}
