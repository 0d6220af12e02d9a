package org.arrownpz.sql.internal.worker;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as bytes: texts, and the parameters of statements. What is read is checked against what is there. */
final class Values {
    private static final Map<Class<?>, Character> TIMES =
            Map.of(LocalDate.class, 'd', LocalTime.class, 't', LocalDateTime.class, 'T', OffsetDateTime.class, 'O');

    private Values() {}

    /** Bytes to be. */
    static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        Writer number(long value) {
            return write(() -> out.writeLong(value));
        }

        Writer bytes(byte[] value) {
            return write(() -> {
                out.writeInt(value.length);
                out.write(value);
            });
        }

        Writer text(@Nullable String value) {
            return value == null ? write(() -> out.writeInt(-1)) : bytes(value.getBytes(StandardCharsets.UTF_8));
        }

        Writer texts(List<String> values) {
            number(values.size());
            values.forEach(this::text);
            return this;
        }

        /** @throws IllegalArgumentException when a parameter cannot be of that type */
        Writer value(@Nullable Object value) {
            if (value == null) {
                return tag('0');
            } else if (value instanceof Boolean truth) {
                return tag('b').number(truth ? 1 : 0);
            } else if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
                char tag = value instanceof Byte ? '1' : value instanceof Short ? '2' : '4';
                return tag(tag).number(((Number) value).longValue());
            } else if (value instanceof Long number) {
                return tag('8').number(number);
            } else if (value instanceof Float number) {
                return tag('f').number(Float.floatToRawIntBits(number));
            } else if (value instanceof Double number) {
                return tag('g').number(Double.doubleToRawLongBits(number));
            } else if (value instanceof BigInteger number) {
                return tag('i').bytes(number.toByteArray());
            } else if (value instanceof BigDecimal number) {
                return tag('n').number(number.scale())
                        .bytes(number.unscaledValue().toByteArray());
            } else if (value instanceof String text) {
                return tag('s').text(text);
            } else if (value instanceof byte[] some) {
                return tag('x').bytes(some);
            }
            Character time = TIMES.get(value.getClass());
            if (time == null) {
                throw new IllegalArgumentException(
                        "a parameter cannot be of the class " + value.getClass().getName());
            }
            return tag(time).text(value.toString());
        }

        private Writer tag(char tag) {
            return write(() -> out.writeByte(tag));
        }

        private interface Step {
            void run() throws IOException;
        }

        private Writer write(Step step) {
            try {
                step.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }

    /** Bytes that were written so; others are a BufferUnderflowException or an IllegalArgumentException. */
    record Reader(ByteBuffer bytes) {
        static Reader of(byte[] bytes) {
            return new Reader(ByteBuffer.wrap(bytes));
        }

        long number() {
            return bytes.getLong();
        }

        byte[] some() {
            return some(bytes.getInt());
        }

        private byte[] some(int length) {
            if (length < 0 || length > bytes.remaining()) {
                throw new IllegalArgumentException("a message with " + length + " bytes of " + bytes.remaining());
            }
            byte[] some = new byte[length];
            bytes.get(some);
            return some;
        }

        @Nullable
        String textOrNull() {
            int length = bytes.getInt();
            return length == -1 ? null : new String(some(length), StandardCharsets.UTF_8);
        }

        String text() {
            return new String(some(), StandardCharsets.UTF_8);
        }

        List<String> texts() {
            long count = number();
            List<String> texts = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                texts.add(text());
            }
            return texts;
        }

        @Nullable
        Object value() {
            char tag = (char) bytes.get();
            return switch (tag) {
                case '0' -> null;
                case 'b' -> number() != 0;
                case '1' -> (byte) number();
                case '2' -> (short) number();
                case '4' -> (int) number();
                case '8' -> number();
                case 'f' -> Float.intBitsToFloat((int) number());
                case 'g' -> Double.longBitsToDouble(number());
                case 'i' -> new BigInteger(some());
                case 'n' -> {
                    int scale = (int) number();
                    yield new BigDecimal(new BigInteger(some()), scale);
                }
                case 's' -> text();
                case 'x' -> some();
                case 'd' -> LocalDate.parse(text());
                case 't' -> LocalTime.parse(text());
                case 'T' -> LocalDateTime.parse(text());
                case 'O' -> OffsetDateTime.parse(text());
                default -> throw new IllegalArgumentException("a message with a value of no type");
            };
        }
    }
}
