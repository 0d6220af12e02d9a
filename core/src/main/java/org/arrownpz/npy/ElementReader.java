package org.arrownpz.npy;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import org.apache.arrow.memory.util.Float16;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.TimeUnit64;
import org.jspecify.annotations.Nullable;

/**
 * Elements of an array as values of one Java type, in the order of the file from a given one on. They pass through a strip
 * of 64 KiB, so that nothing is held but what was asked for. Used by one thread.
 */
final class ElementReader {
    private static final int STRIP = 1 << 16;
    private static final int LONGEST_ITEM = Integer.MAX_VALUE - 8;
    private static final long NAT = Long.MIN_VALUE;
    private static final int NANOS = 1_000_000_000;

    private final NumpyArray array;
    private final JavaType type;
    private final ScalarDType dtype;
    private final int width;
    private final ByteBuffer strip;
    /** The byte of the data behind those in the strip. */
    private long next;

    /**
     * A reader.
     *
     * @param start the byte of the data to begin at
     * @param count how many elements are going to be read
     * @throws NpzException ARRAY_DTYPE when the array's elements are none of the type, LIMIT when one is too large
     */
    ElementReader(NumpyArray array, JavaType type, long start, long count) throws NpzException {
        if (!(array.dtype() instanceof ScalarDType scalar) || !type.holds(scalar)) {
            throw array.wrongDtype(type.dtypes() + " for " + type.arrayName(0));
        }
        if (scalar.itemSize() > LONGEST_ITEM) {
            throw array.location()
                    .error(ErrorCode.LIMIT, "an element is too long for a Java value")
                    .expected("at most " + LONGEST_ITEM + " bytes")
                    .found(scalar.itemSize())
                    .build();
        }
        this.array = array;
        this.type = type;
        this.dtype = scalar;
        this.width = (int) scalar.itemSize();
        this.next = start;
        int atOnce = width == 0 ? 0 : (int) Math.min(count, Math.max(1, STRIP / width));
        if (count > atOnce) {
            array.data().expect(start, count * width);
        }
        this.strip =
                ByteBuffer.allocate(atOnce * width).order(scalar.javaOrder()).limit(0);
    }

    /** Reads the next elements into a part of a Java array. */
    void read(Object target, int at, int count) throws NpzException {
        for (int done = 0; done < count; ) {
            if (!strip.hasRemaining() && width > 0) {
                refill();
            }
            int part = width == 0 ? count : Math.min(count - done, strip.remaining() / width);
            decode(target, at + done, part);
            done += part;
        }
    }

    private void refill() throws NpzException {
        strip.clear().limit((int) Math.min(strip.capacity(), array.data().size() - next));
        array.data().read(next, strip);
        next += strip.flip().limit();
    }

    private void decode(Object target, int at, int count) throws NpzException {
        int end = at + count;
        switch (type) {
            case DOUBLE -> {
                if (dtype.kind() == DTypeKind.FLOAT && width == 8) {
                    strip.asDoubleBuffer().get((double[]) target, at, count);
                    skip(count);
                } else {
                    for (int i = at; i < end; i++) {
                        ((double[]) target)[i] = number();
                    }
                }
            }
            case FLOAT -> {
                if (dtype.kind() == DTypeKind.FLOAT && width == 4) {
                    strip.asFloatBuffer().get((float[]) target, at, count);
                    skip(count);
                } else {
                    for (int i = at; i < end; i++) {
                        ((float[]) target)[i] = (float) number();
                    }
                }
            }
            case LONG -> {
                if (width == 8) {
                    strip.asLongBuffer().get((long[]) target, at, count);
                    skip(count);
                } else {
                    for (int i = at; i < end; i++) {
                        ((long[]) target)[i] = integer();
                    }
                }
            }
            case INT -> {
                if (width == 4) {
                    strip.asIntBuffer().get((int[]) target, at, count);
                    skip(count);
                } else {
                    for (int i = at; i < end; i++) {
                        ((int[]) target)[i] = (int) integer();
                    }
                }
            }
            case SHORT -> {
                for (int i = at; i < end; i++) {
                    ((short[]) target)[i] = (short) integer();
                }
            }
            case CHAR -> {
                for (int i = at; i < end; i++) {
                    ((char[]) target)[i] = (char) integer();
                }
            }
            case BYTE -> strip.get((byte[]) target, at, count);
            case BOOLEAN -> {
                for (int i = at; i < end; i++) {
                    // Any byte but 0 is true, as NumPy reads it.
                    ((boolean[]) target)[i] = strip.get() != 0;
                }
            }
            default -> {
                for (int i = at; i < end; i++) {
                    ((Object[]) target)[i] = object();
                }
            }
        }
    }

    private void skip(int elements) {
        strip.position(strip.position() + elements * width);
    }

    private double number() {
        if (dtype.kind() != DTypeKind.FLOAT) {
            return integer();
        }
        return switch (width) {
            case 2 -> Float16.toFloat(strip.getShort());
            case 4 -> strip.getFloat();
            default -> strip.getDouble();
        };
    }

    private long integer() {
        boolean signed = dtype.kind() != DTypeKind.UINT;
        return switch (width) {
            case 1 -> signed ? strip.get() : strip.get() & 0xff;
            case 2 -> signed ? strip.getShort() : strip.getShort() & 0xffff;
            case 4 -> signed ? strip.getInt() : strip.getInt() & 0xffff_ffffL;
            default -> strip.getLong();
        };
    }

    private @Nullable Object object() throws NpzException {
        return switch (type) {
            case TEXT -> text();
            case BYTES -> bytes();
            case DATE -> date();
            default -> instant();
        };
    }

    private String text() throws NpzException {
        int units = width / 4;
        int[] codePoints = new int[units];
        strip.asIntBuffer().get(codePoints);
        while (units > 0 && codePoints[units - 1] == 0) {
            units--;
        }
        for (int i = 0; i < units; i++) {
            int unit = codePoints[i];
            if (unit < 0 || unit > Character.MAX_CODE_POINT || unit >>> 11 == 0xd800 >>> 11) {
                throw value("a code unit is no Unicode character", "U+" + Integer.toHexString(unit));
            }
        }
        skip(1);
        return new String(codePoints, 0, units);
    }

    private byte[] bytes() {
        byte[] all = new byte[width];
        strip.get(all);
        int length = width;
        // NumPy pads bytes with NUL and takes it away again; raw data are all of their bytes.
        while (dtype.kind() == DTypeKind.BYTES && length > 0 && all[length - 1] == 0) {
            length--;
        }
        return length == width ? all : Arrays.copyOf(all, length);
    }

    private @Nullable LocalDate date() throws NpzException {
        long days = strip.getLong();
        try {
            return days == NAT ? null : LocalDate.ofEpochDay(days);
        } catch (DateTimeException e) {
            throw value("a date is beyond those of LocalDate", days + " days from 1970-01-01");
        }
    }

    private @Nullable Instant instant() throws NpzException {
        long count = strip.getLong();
        TimeUnit64 unit = dtype.unit();
        if (count == NAT || unit == null) {
            return null;
        }
        try {
            long steps = Math.multiplyExact(count, (long) unit.multiplier());
            return switch (unit.base()) {
                case DAY -> Instant.ofEpochSecond(Math.multiplyExact(steps, 86_400L));
                case HOUR -> Instant.ofEpochSecond(Math.multiplyExact(steps, 3600L));
                case MINUTE -> Instant.ofEpochSecond(Math.multiplyExact(steps, 60L));
                case SECOND -> Instant.ofEpochSecond(steps);
                case MILLISECOND -> parts(steps, 1000);
                case MICROSECOND -> parts(steps, 1_000_000);
                default -> parts(steps, NANOS);
            };
        } catch (DateTimeException | ArithmeticException e) {
            throw value("a time is beyond those of Instant", count + " " + unit.suffix());
        }
    }

    private static Instant parts(long steps, int perSecond) {
        return Instant.ofEpochSecond(
                Math.floorDiv(steps, perSecond), Math.floorMod(steps, perSecond) * (long) (NANOS / perSecond));
    }

    private NpzException value(String problem, String found) {
        return array.location()
                .error(ErrorCode.VALUE, problem)
                .at(array.header().dataOffset() + next - strip.remaining())
                .found(found)
                .build();
    }
}
