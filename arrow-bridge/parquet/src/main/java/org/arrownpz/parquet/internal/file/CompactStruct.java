package org.arrownpz.parquet.internal.file;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.parquet.internal.write.ThriftStruct;
import org.jspecify.annotations.Nullable;

/**
 * One struct in Thrift's compact protocol, taken apart into its fields, which stay as they are unless replaced. Enough
 * for a Parquet footer: its key-value list can be read and written without a model of everything else.
 */
final class CompactStruct {
    /** A boolean field's value is its type. */
    static final int FALSE = 2;

    static final int I32 = 5;
    static final int I64 = 6;
    static final int LIST = 9;
    static final int STRUCT = 12;

    private static final int BINARY = 8;
    private static final int MAX_DEPTH = 32;

    private final Map<Integer, byte[]> bodies = new TreeMap<>();
    private final Map<Integer, Integer> types = new TreeMap<>();
    private final Location location;

    private CompactStruct(Location location) {
        this.location = location;
    }

    /** Takes the struct at the buffer's position apart; hostile bytes give an exception. */
    static CompactStruct parse(ByteBuffer bytes, Location location) throws NpzException {
        CompactStruct parsed = parseOrNull(bytes, location);
        if (parsed == null) {
            throw location.error(ErrorCode.META_SCHEMA, "the Parquet footer is damaged")
                    .build();
        }
        return parsed;
    }

    /** The same of bytes that may be none, or not all of it: null then. */
    static @Nullable CompactStruct parseOrNull(ByteBuffer bytes, Location location) {
        try {
            return new CompactStruct(location).filled(bytes);
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    private CompactStruct filled(ByteBuffer bytes) {
        int id = 0;
        for (int head = bytes.get() & 0xFF; head != 0; head = bytes.get() & 0xFF) {
            id = head >>> 4 == 0 ? (int) zigzag(varint(bytes)) : id + (head >>> 4);
            int start = bytes.position();
            skip(bytes, head & 0xF, 0);
            byte[] body = new byte[bytes.position() - start];
            bytes.get(start, body);
            put(id, head & 0xF, body);
        }
        return this;
    }

    void remove(int id) {
        bodies.remove(id);
        types.remove(id);
    }

    boolean has(int id) {
        return bodies.containsKey(id);
    }

    void put(int id, int type, byte[] body) {
        bodies.put(id, body);
        types.put(id, type);
    }

    /** The struct as it is written, with other lists of structs in some fields. */
    ThriftStruct with(Map<Integer, List<ThriftStruct>> lists) {
        ThriftStruct copy = new ThriftStruct();
        TreeSet<Integer> ids = new TreeSet<>(bodies.keySet());
        ids.addAll(lists.keySet());
        for (int id : ids) {
            List<ThriftStruct> list = lists.get(id);
            if (list == null) {
                copy.raw(id, types.getOrDefault(id, 0), bodies.getOrDefault(id, new byte[0]));
            } else {
                copy.structs(id, list);
            }
        }
        return copy;
    }

    /** A list field of structs; none where the field is missing. */
    List<CompactStruct> structs(int id) throws NpzException {
        return list(id, STRUCT, bytes -> parse(bytes, location));
    }

    /** A list field of texts; none where the field is missing. */
    List<String> strings(int id) throws NpzException {
        return list(id, BINARY, CompactStruct::string);
    }

    /** Reads an item of a list. */
    private interface Item<T> {
        T read(ByteBuffer bytes) throws NpzException;
    }

    private <T> List<T> list(int id, int type, Item<T> item) throws NpzException {
        List<T> items = new ArrayList<>();
        try {
            ByteBuffer bytes = body(id);
            for (long left = items(bytes, id, type); left > 0; left--) {
                items.add(item.read(bytes));
            }
            return items;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    /** A text field; empty where it is missing. */
    String text(int id) throws NpzException {
        try {
            if (has(id) && types.getOrDefault(id, 0) != BINARY) {
                throw new IllegalArgumentException("no text");
            }
            return has(id) ? string(body(id)) : "";
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    /** A struct field. */
    CompactStruct struct(int id) throws NpzException {
        if (types.getOrDefault(id, 0) != STRUCT) {
            throw damaged(null);
        }
        return parse(body(id), location);
    }

    /** A struct field; an empty struct where it is missing. */
    CompactStruct structOrNew(int id) throws NpzException {
        return has(id) ? struct(id) : new CompactStruct(location);
    }

    /** A field of 32-bit integers, or -1 where it is missing. */
    int number(int id) throws NpzException {
        if (!has(id)) {
            return -1;
        }
        try {
            if (types.getOrDefault(id, 0) == I32) {
                return Math.toIntExact(zigzag(varint(body(id))));
            }
        } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException e) {
            throw damaged(e);
        }
        throw damaged(null);
    }

    /** A field of 64-bit integers that counts something; 0 where it is missing, or says nothing of use. */
    long count(int id) {
        try {
            return types.getOrDefault(id, 0) == I64 ? Math.max(0, zigzag(varint(body(id)))) : 0;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return 0;
        }
    }

    /** Whether an integer field says 0. */
    boolean isZero(int id) {
        return types.getOrDefault(id, 0) == I64 && body(id).equals(ByteBuffer.wrap(new byte[1]));
    }

    private ByteBuffer body(int id) {
        return ByteBuffer.wrap(bodies.getOrDefault(id, new byte[0]));
    }

    /** The number of items of the type that follow in a list field. */
    private long items(ByteBuffer bytes, int id, int type) {
        if (!has(id)) {
            return 0;
        }
        int head = bytes.get() & 0xFF;
        if ((head & 0xF) != type || types.getOrDefault(id, 0) != LIST) {
            throw new IllegalArgumentException("no list of the type");
        }
        return head >>> 4 == 15 ? varint(bytes) : head >>> 4;
    }

    private static String string(ByteBuffer bytes) {
        long length = varint(bytes);
        int from = bytes.position();
        advance(bytes, length);
        return new String(bytes.array(), from, bytes.position() - from, StandardCharsets.UTF_8);
    }

    private NpzException damaged(@Nullable Exception cause) {
        NpzException.Builder fault = location.error(
                ErrorCode.META_SCHEMA, "the key-value metadata or names in the Parquet footer are damaged");
        return cause == null ? fault.build() : fault.cause(cause).build();
    }

    /** A list field of structs with a text key in field 1 and a text value in field 2. */
    Map<String, String> texts(int id) throws NpzException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (CompactStruct pair : structs(id)) {
            texts.put(pair.text(1), pair.text(2));
        }
        return texts;
    }

    private static void skip(ByteBuffer bytes, int type, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested too deep");
        }
        switch (type) {
            case 1, FALSE -> {
                // No body.
            }
            case 3 -> advance(bytes, 1);
            case 4, I32, I64 -> varint(bytes);
            case 7 -> advance(bytes, Double.BYTES);
            case BINARY -> advance(bytes, varint(bytes));
            case LIST, 10 -> {
                int head = bytes.get() & 0xFF;
                long count = head >>> 4 == 15 ? varint(bytes) : head >>> 4;
                skipItems(bytes, head & 0xF, count, depth);
            }
            case 11 -> {
                long count = varint(bytes);
                int both = count == 0 ? 0 : bytes.get() & 0xFF;
                for (long i = 0; i < count; i++) {
                    skipItems(bytes, both >>> 4, 1, depth);
                    skipItems(bytes, both & 0xF, 1, depth);
                }
            }
            case STRUCT -> {
                for (int head = bytes.get() & 0xFF; head != 0; head = bytes.get() & 0xFF) {
                    if (head >>> 4 == 0) {
                        varint(bytes);
                    }
                    skip(bytes, head & 0xF, depth + 1);
                }
            }
            default -> throw new IllegalArgumentException("no such type: " + type);
        }
    }

    /** Inside a collection a boolean is a byte, so that every item takes at least one byte and counts cannot lie. */
    private static void skipItems(ByteBuffer bytes, int type, long count, int depth) {
        if (count < 0 || count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        for (long i = 0; i < count; i++) {
            skip(bytes, type == 1 || type == FALSE ? 3 : type, depth + 1);
        }
    }

    private static void advance(ByteBuffer bytes, long count) {
        if (count < 0 || count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        bytes.position(bytes.position() + (int) count);
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number without end");
    }

    private static long zigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }
}
