package org.arrownpz.sql.internal.worker;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values as bytes: texts, and the parameters of statements. What is read is checked against what is there. */
final class Values {
    private static final String BYTES = "[B";

    /** Their texts say what they are. */
    private static final Map<String, Function<String, Object>> READ = Map.ofEntries(
            Map.entry("java.lang.Boolean", Boolean::valueOf),
            Map.entry("java.lang.Byte", Byte::valueOf),
            Map.entry("java.lang.Short", Short::valueOf),
            Map.entry("java.lang.Integer", Integer::valueOf),
            Map.entry("java.lang.Long", Long::valueOf),
            Map.entry("java.lang.Float", Float::valueOf),
            Map.entry("java.lang.Double", Double::valueOf),
            Map.entry("java.math.BigInteger", BigInteger::new),
            Map.entry("java.math.BigDecimal", BigDecimal::new),
            Map.entry("java.lang.String", text -> text),
            Map.entry("java.time.LocalDate", LocalDate::parse),
            Map.entry("java.time.LocalTime", LocalTime::parse),
            Map.entry("java.time.LocalDateTime", LocalDateTime::parse),
            Map.entry("java.time.OffsetDateTime", OffsetDateTime::parse));

    private Values() {}

    /** Bytes to be. */
    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer number(long value) {
            out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
            return this;
        }

        Writer bytes(byte[] value) {
            number(value.length);
            out.writeBytes(value);
            return this;
        }

        Writer text(@Nullable String value) {
            return value == null ? number(-1) : bytes(value.getBytes(StandardCharsets.UTF_8));
        }

        Writer texts(List<String> values) {
            number(values.size());
            values.forEach(this::text);
            return this;
        }

        /** @throws IllegalArgumentException when a parameter cannot be of that type */
        Writer value(@Nullable Object value) {
            if (value == null) {
                return text(null);
            } else if (value instanceof byte[] some) {
                return text(BYTES).bytes(some);
            }
            String type = value.getClass().getName();
            if (!READ.containsKey(type)) {
                throw new IllegalArgumentException("a parameter cannot be of the class " + type);
            }
            return text(type).text(value.toString());
        }

        byte[] bytes() {
            return out.toByteArray();
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
            return some(number());
        }

        private byte[] some(long length) {
            if (length < 0 || length > bytes.remaining()) {
                throw new IllegalArgumentException("a message with " + length + " bytes of " + bytes.remaining());
            }
            byte[] some = new byte[(int) length];
            bytes.get(some);
            return some;
        }

        @Nullable
        String textOrNull() {
            long length = number();
            return length == -1 ? null : new String(some(length), StandardCharsets.UTF_8);
        }

        String text() {
            return new String(some(), StandardCharsets.UTF_8);
        }

        List<String> texts() {
            return Stream.generate(this::text).limit(number()).toList();
        }

        @Nullable
        Object value() {
            String type = textOrNull();
            if (type == null || type.equals(BYTES)) {
                return type == null ? null : some();
            }
            Function<String, Object> read = READ.get(type);
            if (read == null) {
                throw new IllegalArgumentException("a message with a value of no type");
            }
            return read.apply(text());
        }
    }
}
