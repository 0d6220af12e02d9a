package org.arrownpz.array;

import org.arrownpz.SmallFloat;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.jspecify.annotations.Nullable;

/**
 * Element types by the names that safetensors files have for them, in the order in which its own library counts them: it
 * writes higher ones first. All are little-endian. Values of less than a byte are kept as the bytes that they lie in.
 */
enum SafetensorsType {
    BOOL(DTypeKind.BOOL, 1),
    F4(4),
    F6_E2M3(6),
    F6_E3M2(6),
    U8(DTypeKind.UINT, 1),
    I8(DTypeKind.INT, 1),
    F8_E5M2(SmallFloat.FLOAT8_E5M2),
    F8_E4M3(SmallFloat.FLOAT8_E4M3FN),
    F8_E8M0(SmallFloat.FLOAT8_E8M0FNU),
    F8_E4M3FNUZ(SmallFloat.FLOAT8_E4M3FNUZ),
    F8_E5M2FNUZ(SmallFloat.FLOAT8_E5M2FNUZ),
    I16(DTypeKind.INT, 2),
    U16(DTypeKind.UINT, 2),
    F16(DTypeKind.FLOAT, 2),
    BF16(SmallFloat.BFLOAT16),
    I32(DTypeKind.INT, 4),
    U32(DTypeKind.UINT, 4),
    F32(DTypeKind.FLOAT, 4),
    C64(DTypeKind.COMPLEX, 8),
    F64(DTypeKind.FLOAT, 8),
    I64(DTypeKind.INT, 8),
    U64(DTypeKind.UINT, 8);

    private final ScalarDType dtype;
    private final @Nullable SmallFloat smallFloat;
    private final int bits;

    SafetensorsType(DTypeKind kind, int bytes) {
        this(ScalarDType.of(kind, bytes), null, Byte.SIZE * bytes);
    }

    SafetensorsType(SmallFloat smallFloat) {
        this(ScalarDType.of(smallFloat), smallFloat, Byte.SIZE * smallFloat.bytes());
    }

    SafetensorsType(int bits) {
        this(ScalarDType.of(DTypeKind.VOID, 1), null, bits);
    }

    SafetensorsType(ScalarDType dtype, @Nullable SmallFloat smallFloat, int bits) {
        this.dtype = dtype;
        this.smallFloat = smallFloat;
        this.bits = bits;
    }

    /** Bits of a value. */
    int bits() {
        return bits;
    }

    boolean isPacked() {
        return bits < Byte.SIZE;
    }

    ScalarDType dtype() {
        return dtype;
    }

    @Nullable
    SmallFloat smallFloat() {
        return smallFloat;
    }

    /** The type of that name, or null. */
    static @Nullable SafetensorsType ofName(String name) {
        for (SafetensorsType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }

    /** The type that holds elements of a dtype, whatever their byte order; null where none does. */
    static @Nullable SafetensorsType of(DType dtype, @Nullable SmallFloat smallFloat) {
        for (SafetensorsType type : values()) {
            boolean same = dtype instanceof ScalarDType scalar
                    && scalar.kind() == type.dtype.kind()
                    && scalar.itemSize() == type.dtype.itemSize();
            if (same && type.smallFloat == smallFloat && !type.isPacked()) {
                return type;
            }
        }
        return null;
    }
}
