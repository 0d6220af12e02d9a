package org.arrownpz.parquet.internal.write;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/** A struct in Thrift's compact protocol. Fields are put in the order of their numbers. */
public final class ThriftStruct {
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int I16 = 4;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;
    /** Longer lists have their length behind their head. */
    private static final int LONG_LIST = 15;

    private final Bytes out = new Bytes();
    private int last;

    private void head(int id, int type) {
        if (id > last && id - last <= LONG_LIST) {
            out.put(id - last << 4 | type);
        } else {
            out.put(type);
            out.putZigzag(id);
        }
        last = id;
    }

    ThriftStruct bool(int id, boolean value) {
        head(id, value ? TRUE : FALSE);
        return this;
    }

    ThriftStruct i8(int id, int value) {
        head(id, BYTE);
        out.put(value);
        return this;
    }

    ThriftStruct i16(int id, int value) {
        head(id, I16);
        out.putZigzag(value);
        return this;
    }

    ThriftStruct i32(int id, int value) {
        head(id, I32);
        out.putZigzag(value);
        return this;
    }

    ThriftStruct i64(int id, long value) {
        head(id, I64);
        out.putZigzag(value);
        return this;
    }

    public ThriftStruct text(int id, String value) {
        return bytes(id, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A field whose bytes are known. */
    public ThriftStruct raw(int id, int type, byte[] body) {
        head(id, type);
        out.put(body, 0, body.length);
        return this;
    }

    ThriftStruct bytes(int id, byte[] value) {
        head(id, BINARY);
        binary(value);
        return this;
    }

    private void binary(byte[] value) {
        out.putVarint(value.length);
        out.put(value, 0, value.length);
    }

    ThriftStruct struct(int id, ThriftStruct value) {
        head(id, STRUCT);
        value.writeTo(out);
        return this;
    }

    public ThriftStruct structs(int id, List<ThriftStruct> values) {
        list(id, STRUCT, values.size());
        values.forEach(value -> value.writeTo(out));
        return this;
    }

    ThriftStruct i32s(int id, Collection<Integer> values) {
        list(id, I32, values.size());
        values.forEach(out::putZigzag);
        return this;
    }

    ThriftStruct i64s(int id, List<Long> values) {
        list(id, I64, values.size());
        values.forEach(out::putZigzag);
        return this;
    }

    ThriftStruct bools(int id, List<Boolean> values) {
        list(id, TRUE, values.size());
        values.forEach(value -> out.put(value ? TRUE : FALSE));
        return this;
    }

    ThriftStruct binaries(int id, List<byte[]> values) {
        list(id, BINARY, values.size());
        values.forEach(this::binary);
        return this;
    }

    private void list(int id, int type, int size) {
        head(id, LIST);
        if (size < LONG_LIST) {
            out.put(size << 4 | type);
        } else {
            out.put(LONG_LIST << 4 | type);
            out.putVarint(size);
        }
    }

    /** Appends the struct with its end. */
    public void writeTo(Bytes target) {
        target.put(out);
        target.put(0);
    }
}
