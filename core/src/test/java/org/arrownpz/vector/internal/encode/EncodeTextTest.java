package org.arrownpz.vector.internal.encode;

import static org.arrownpz.vector.internal.encode.EncodedColumns.DEFAULTS;
import static org.arrownpz.vector.internal.encode.EncodedColumns.array;
import static org.arrownpz.vector.internal.encode.EncodedColumns.numpy;
import static org.arrownpz.vector.internal.encode.EncodedColumns.plan;
import static org.arrownpz.vector.internal.encode.EncodedColumns.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions.StringEncoding;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The width of text and bytes, and text that stays Arrow buffers. */
@ExtendWith(LeakCheck.class)
class EncodeTextTest {
    @Test
    void textKeepsTheWidthItCameWithUntilAValueIsLonger(BufferAllocator allocator) throws NpzException {
        try (VarCharVector fits = text(">U5", allocator, "abc");
                VarCharVector longer = text("<U2", allocator, "abc")) {
            assertThat(numpy(fits).dtype().toString()).isEqualTo(">U5");
            assertThat(numpy(fits).note()).isNull();
            assertThat(numpy(longer).dtype().toString()).isEqualTo("<U3");
            assertThat(numpy(longer).note()).contains("<U2");
            assertThatThrownBy(() -> plan(longer, DEFAULTS.withStrict())).hasMessageContaining("<U2");
        }
    }

    @Test
    void textIsPaddedWhileThatCostsEightTimesItsBytesAndOneMebibyte(BufferAllocator allocator) throws NpzException {
        // One value of 1 + n characters in r rows costs 4 (1 + n) r bytes; it holds 1 + n bytes.
        int length = 1024;
        int rows = (int) ((8L * length + (1 << 20)) / (4 * length));
        try (VarCharVector border = longText(allocator, length, rows);
                VarCharVector beyond = longText(allocator, length, rows + 1)) {
            assertThat(plan(border, DEFAULTS)).isInstanceOf(ColumnEncoding.Numpy.class);
            assertThat(plan(beyond, DEFAULTS)).isInstanceOf(ColumnEncoding.Buffers.class);
            assertThat(plan(beyond, DEFAULTS.withStrings(StringEncoding.UNICODE)))
                    .isInstanceOf(ColumnEncoding.Numpy.class);
            assertThat(plan(border, DEFAULTS.withStrings(StringEncoding.ARROW)))
                    .isInstanceOf(ColumnEncoding.Buffers.class);
        }
    }

    @Test
    void textThatNumpyWouldCutOrCannotHoldBecomesBuffers(BufferAllocator allocator) throws NpzException {
        try (VarCharVector nul = text(null, allocator, "a\0");
                VarBinaryVector binary = new VarBinaryVector("b", allocator);
                VarCharVector surrogate = text(null, allocator, "a")) {
            binary.setSafe(0, new byte[] {1, 0});
            binary.setValueCount(1);
            surrogate.setSafe(0, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80});
            surrogate.setValueCount(1);
            assertThat(plan(nul, DEFAULTS)).isInstanceOf(ColumnEncoding.Buffers.class);
            assertThat(plan(binary, DEFAULTS)).isInstanceOf(ColumnEncoding.Buffers.class);
            assertThat(plan(surrogate, DEFAULTS)).isInstanceOf(ColumnEncoding.Buffers.class);
            assertThatThrownBy(() -> plan(nul, DEFAULTS.withStrings(StringEncoding.UNICODE)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("NUL");
        }
    }

    @Test
    void embeddedNulsAndAstralCharactersSurvive(BufferAllocator allocator) throws NpzException {
        try (VarCharVector vector = text(null, allocator, "a\0b", "\ud83d\ude00", "")) {
            ByteBuffer bytes = EncodeSink.buffer(array(vector));
            int[] points = new int[9];
            bytes.asIntBuffer().get(points);
            assertThat(points).containsExactly('a', 0, 'b', 0x1f600, 0, 0, 0, 0, 0);
        }
    }

    private static VarCharVector longText(BufferAllocator allocator, int length, int rows) {
        VarCharVector vector = text(null, allocator, "x".repeat(length));
        for (int i = 1; i < rows; i++) {
            vector.setSafe(i, new byte[0]);
        }
        vector.setValueCount(rows);
        return vector;
    }
}
