package org.arrownpz.dtype;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * NumPy's names of types, as {@code numpy.dtype("float64")} takes them. What has a size of its own on each platform has
 * that of 64-bit Linux and macOS; an array of another size then is too short or too long for its header, and refused.
 */
final class TypeNames {
    private static final Map<String, String> SPELLINGS = new HashMap<>();

    static {
        add("b1", "bool", "bool_");
        add("i1", "int8", "byte");
        add("u1", "uint8", "ubyte");
        add("i2", "int16", "short");
        add("u2", "uint16", "ushort");
        add("i4", "int32", "intc");
        add("u4", "uint32", "uintc");
        add("i8", "int64", "int", "int_", "intp", "long", "longlong");
        add("u8", "uint64", "uint", "uintp", "ulong", "ulonglong");
        add("f2", "float16", "half");
        add("f4", "float32", "single");
        add("f8", "float64", "float", "double");
        add("f16", "float128", "longdouble");
        add("c8", "complex64", "csingle");
        add("c16", "complex128", "complex", "cdouble");
        add("c32", "complex256", "clongdouble");
        add("S0", "bytes", "bytes_", "a");
        add("U0", "str", "str_", "unicode");
        add("V0", "void");
        add("O", "object", "object_");
    }

    private TypeNames() {}

    private static void add(String spelling, String... names) {
        for (String name : names) {
            SPELLINGS.put(name, spelling);
        }
    }

    /** The short spelling of the type of that name, or null. */
    static @Nullable String spelling(String name) {
        return SPELLINGS.get(name);
    }
}
