package org.arrownpz.vector.internal.encode;

import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.vector.internal.kernel.EncodeBits;
import org.arrownpz.vector.internal.kernel.EncodeFixed;
import org.arrownpz.vector.internal.kernel.EncodeTime;
import org.jspecify.annotations.Nullable;

/** Coders of fixed-width values. */
final class ColumnEncoderFixed {
    private static final byte[] X87_NAN = {0, 0, 0, 0, 0, 0, 0, (byte) 0xc0, (byte) 0xff, 0x7f, 0, 0, 0, 0, 0, 0};

    private ColumnEncoderFixed() {}

    /** The bytes of a null: NaN or NaT in the type's byte order, or null for zeros. */
    static byte @Nullable [] fill(DType dtype) {
        if (!(dtype instanceof ScalarDType scalar)) {
            return null;
        }
        boolean filled = scalar.kind().isTime() || isFloating(scalar);
        ByteBuffer bytes =
                ByteBuffer.allocate(filled ? (int) scalar.itemSize() : 0).order(scalar.javaOrder());
        if (scalar.kind().isTime()) {
            return bytes.putLong(Long.MIN_VALUE).array();
        }
        if (!isFloating(scalar)) {
            return null;
        }
        int part = scalar.kind() == DTypeKind.COMPLEX ? (int) scalar.itemSize() / 2 : (int) scalar.itemSize();
        while (bytes.hasRemaining()) {
            switch (part) {
                case 2 -> bytes.putShort((short) 0x7e00);
                case 4 -> bytes.putInt(0x7fc00000);
                case 8 -> bytes.putLong(0x7ff8000000000000L);
                case 16 -> {
                    for (int i = 0; i < part; i++) {
                        bytes.put(X87_NAN[scalar.isBigEndian() ? part - 1 - i : i]);
                    }
                }
                default -> {
                    return null;
                }
            }
        }
        return bytes.array();
    }

    static boolean isFloating(ScalarDType scalar) {
        return scalar.kind() == DTypeKind.FLOAT || scalar.kind() == DTypeKind.COMPLEX;
    }

    /** Values as they are, or with the bytes of each reversed. */
    static ColumnEncoderElement values(DType dtype, boolean swap, boolean nullIsNat) {
        int width = (int) dtype.itemSize();
        return new ColumnEncoderElement(dtype, fill(dtype)) {
            @Override
            public boolean nullIsNat() {
                return nullIsNat;
            }

            @Override
            @Nullable
            ArrowBuf direct(FieldVector vector) {
                return swap || vector.getNullCount() > 0 ? null : vector.getDataBuffer();
            }

            @Override
            void put(FieldVector vector, int first, int count, ArrowBuf target, long offset, long stride) {
                long start = (long) first * width;
                if (swap) {
                    EncodeFixed.swap(vector.getDataBuffer(), start, width, count, target, offset, stride);
                } else {
                    EncodeFixed.copy(vector.getDataBuffer(), start, width, count, target, offset, stride);
                }
            }
        };
    }

    /** Bits to bytes. */
    static ColumnEncoderElement bits() {
        return new ColumnEncoderElement(ScalarDType.of(DTypeKind.BOOL, 1), null) {
            @Override
            void put(FieldVector vector, int first, int count, ArrowBuf target, long offset, long stride) {
                EncodeBits.toBytes(vector.getDataBuffer(), first, count, target, offset, stride);
            }
        };
    }

    /** Bytes that stand for truth values. */
    static ColumnEncoderElement truth() {
        return new ColumnEncoderElement(ScalarDType.of(DTypeKind.BOOL, 1), null) {
            @Override
            @Nullable
            ArrowBuf direct(FieldVector vector) {
                return vector.getNullCount() == 0 && EncodeFixed.isTruth(vector.getDataBuffer(), vector.getValueCount())
                        ? vector.getDataBuffer()
                        : null;
            }

            @Override
            void put(FieldVector vector, int first, int count, ArrowBuf target, long offset, long stride) {
                EncodeFixed.truth(vector.getDataBuffer(), first, count, target, offset, stride);
            }
        };
    }

    /**
     * Times of another width or unit.
     *
     * @param width bytes of a source value, 4 or 8
     * @param months whether source values are days to be counted in months
     */
    static ColumnEncoderElement time(ScalarDType dtype, int width, boolean months, long num, long den) {
        return new ColumnEncoderElement(dtype, fill(dtype)) {
            @Override
            public boolean nullIsNat() {
                return true;
            }

            @Override
            void put(FieldVector vector, int first, int count, ArrowBuf target, long offset, long stride) {
                ArrowBuf values = vector.getDataBuffer();
                EncodeTime.put(
                        values, first, count, width, months, num, den, dtype.isBigEndian(), target, offset, stride);
            }
        };
    }
}
