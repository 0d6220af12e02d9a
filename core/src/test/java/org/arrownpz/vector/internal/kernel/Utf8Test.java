package org.arrownpz.vector.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** UTF-8, beside the JDK's own decoder. */
@ExtendWith(LeakCheck.class)
class Utf8Test {
    /** Every row of the Unicode standard's table 3-7, its first and last sequences, and what lies beside them. */
    @ParameterizedTest
    @CsvSource({
        "'', true",
        "00, true",
        "7f, true",
        "80, false",
        "c0af, false",
        "c1bf, false",
        "c280, true",
        "dfbf, true",
        "c2, false",
        "c241, false",
        "c2c2, false",
        "e09fbf, false",
        "e0a080, true",
        "e0bfbf, true",
        "e18080, true",
        "ed9fbf, true",
        "eda080, false",
        "edbfbf, false",
        "ee8080, true",
        "efbfbf, true",
        "e180, false",
        "e18041, false",
        "e1c080, false",
        "f08fbfbf, false",
        "f0908080, true",
        "f1808080, true",
        "f48fbfbf, true",
        "f4908080, false",
        "f5808080, false",
        "f1808041, false",
        "f18080, false",
        "ff, false",
        "41c2a942e28882f09f988043, true",
        "41c2a942e28882f09f9880ff, false",
    })
    void tellsUtf8(String hex, boolean valid, BufferAllocator allocator) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        // Alone, and behind so much ASCII that it is not looked at byte by byte.
        tellsUtf8(bytes, valid, allocator);
        byte[] behind = new byte[bytes.length + 19];
        Arrays.fill(behind, (byte) 'x');
        System.arraycopy(bytes, 0, behind, 17, bytes.length);
        tellsUtf8(behind, valid, allocator);
    }

    private static void tellsUtf8(byte[] bytes, boolean valid, BufferAllocator allocator) {
        try (ArrowBuf buffer = allocator.buffer(bytes.length + 2L)) {
            buffer.setByte(0, 0xff);
            buffer.setBytes(1, bytes);
            buffer.setByte(bytes.length + 1L, 0x80);
            for (int width : new int[] {4, 8}) {
                assertThat(firstInvalid(allocator, buffer, width, 1, bytes.length + 1))
                        .isEqualTo(valid ? -1 : 0);
            }
            String decoded = new String(bytes, StandardCharsets.UTF_8);
            assertThat(Arrays.equals(decoded.getBytes(StandardCharsets.UTF_8), bytes))
                    .isEqualTo(valid);
        }
    }

    private static long firstInvalid(BufferAllocator allocator, ArrowBuf data, int width, long... offsets) {
        try (ArrowBuf buffer = allocator.buffer((long) offsets.length * width)) {
            for (int i = 0; i < offsets.length; i++) {
                if (width == 4) {
                    buffer.setInt(i * 4L, (int) offsets[i]);
                } else {
                    buffer.setLong(i * 8L, offsets[i]);
                }
            }
            return Utf8.firstInvalid(buffer, width, data, null, offsets.length - 1);
        }
    }

    @Test
    void findsTheFirstBadRowAndPassesOverNulls(BufferAllocator allocator) {
        try (VarCharVector texts = new VarCharVector("t", allocator)) {
            texts.allocateNew();
            for (int i = 0; i < 5; i++) {
                texts.setSafe(i, new byte[] {'a', (byte) (i == 1 || i == 3 ? 0xff : 'b')});
            }
            texts.setValueCount(5);
            assertThat(firstInvalid(texts)).isEqualTo(1);
            texts.setNull(1);
            assertThat(firstInvalid(texts)).isEqualTo(3);
            texts.setNull(3);
            assertThat(firstInvalid(texts)).isEqualTo(-1);
            texts.setValueCount(0);
            assertThat(firstInvalid(texts)).isEqualTo(-1);
        }
    }

    private static long firstInvalid(VarCharVector texts) {
        return Utf8.firstInvalid(
                texts.getOffsetBuffer(), 4, texts.getDataBuffer(), texts.getValidityBuffer(), texts.getValueCount());
    }

    @Test
    void neverReadsOutsideTheData(BufferAllocator allocator) {
        try (ArrowBuf data = allocator.buffer(16)) {
            data.setBytes(0, "0123456789abcdé".getBytes(StandardCharsets.UTF_8));
            assertThat(firstInvalid(allocator, data, 4, 0, 14, 16)).isEqualTo(-1);
            assertThat(firstInvalid(allocator, data, 4, 0, 14, 17)).isEqualTo(1);
            assertThat(firstInvalid(allocator, data, 4, 0, 16, 4, 20)).isEqualTo(1);
            assertThat(firstInvalid(allocator, data, 8, -1, 8)).isZero();
            assertThat(firstInvalid(allocator, data, 8, 0, Long.MAX_VALUE)).isZero();
        }
    }

    @Test
    void checksViewsWithinAndBehindThem(BufferAllocator allocator) {
        try (ViewVarCharVector views = new ViewVarCharVector("v", allocator)) {
            views.allocateNew();
            views.setSafe(0, "short é".getBytes(StandardCharsets.UTF_8));
            views.setNull(1);
            views.setSafe(2, "longer than twelve bytes é".getBytes(StandardCharsets.UTF_8));
            views.setValueCount(3);
            assertThat(firstInvalid(views)).isEqualTo(-1);
            views.getDataBuffer().setInt(2 * 16 + 12, 1 << 30);
            assertThat(firstInvalid(views)).isEqualTo(2);
            views.getDataBuffer().setInt(2 * 16 + 12, 0);
            views.getDataBuffer().setInt(2 * 16 + 8, 7);
            assertThat(firstInvalid(views)).isEqualTo(2);
            views.getDataBuffer().setInt(0, -1);
            assertThat(firstInvalid(views)).isZero();
        }
    }

    private static long firstInvalid(ViewVarCharVector views) {
        List<ArrowBuf> data = views.getDataBuffers();
        return Utf8.firstInvalidView(views.getDataBuffer(), data, views.getValidityBuffer(), views.getValueCount());
    }
}
