package org.arrownpz.vector.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text and bytes with NUL padding. */
@ExtendWith(LeakCheck.class)
class TextKernelsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 15, 16, 17, 30, 100})
    void decodesAsciiOfEveryLength(int units, BufferAllocator allocator) {
        Random random = new Random(units);
        List<int[]> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int[] row = new int[units];
            int length = random.nextInt(units + 1);
            for (int k = 0; k < length; k++) {
                // NUL within the text is data; at its end it is padding.
                row[k] = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(0x7F);
            }
            rows.add(row);
        }
        assertDecoded(allocator, rows, units);
    }

    @ParameterizedTest
    @CsvSource({"1, 0x7FF", "2, 0x7FF", "3, 0x10FFFF", "4, 0xD7FF", "9, 0x10FFFF", "20, 0x10FFFF"})
    void decodesEveryWidthOfCodePoint(int units, String highest, BufferAllocator allocator) {
        Random random = new Random(units);
        List<int[]> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int[] row = new int[units];
            int length = random.nextInt(units + 1);
            for (int k = 0; k < length; k++) {
                int codePoint = random.nextInt(Integer.decode(highest) + 1) >>> random.nextInt(20);
                row[k] = DecodeText.isSurrogate(codePoint) ? 0x20AC : codePoint;
            }
            rows.add(row);
        }
        assertDecoded(allocator, rows, units);
    }

    @Test
    void decodesCodePointsAtTheEdges(BufferAllocator allocator) {
        int[] edges = {1, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF};
        List<int[]> rows = new ArrayList<>();
        for (int edge : edges) {
            rows.add(new int[] {'a', edge, 'b'});
        }
        assertDecoded(allocator, rows, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0xD800", "0xDBFF", "0xDC00", "0xDFFF", "0x110000", "0x80000000", "0xFFFFFFFF"})
    void stopsAtWhatIsNoCharacter(String text, BufferAllocator allocator) {
        int unit = Integer.parseUnsignedInt(text.substring(2), 16);
        List<int[]> rows = List.of(new int[] {'a', 0, 0}, new int[] {'x', 'y', unit}, new int[] {'c', 0, 0});
        try (KernelMemory source = KernelMemory.of(allocator, utf32(rows, 3), 1);
                ArrowBuf offsets = allocator.buffer(100);
                ArrowBuf values = allocator.buffer(200)) {
            DecodeText decoder = new DecodeText(source.buffer, source.offset, 3, false);
            assertThat(decoder.step(3, offsets, values)).isFalse();
            assertThat(decoder.row()).isEqualTo(1);
            assertThat(decoder.badUnit()).isEqualTo(2);
            assertThat(decoder.badValue()).isEqualTo(unit);
        }
    }

    @Test
    void doesNotMergeAStoredSurrogatePair(BufferAllocator allocator) {
        try (KernelMemory source = KernelMemory.of(allocator, utf32(List.of(new int[] {0xD83D, 0xDE00}), 2), 0);
                ArrowBuf offsets = allocator.buffer(16);
                ArrowBuf values = allocator.buffer(64)) {
            assertThat(new DecodeText(source.buffer, source.offset, 2, false).step(1, offsets, values))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 8, 9, 16, 31, 60, 200})
    void stripsTrailingNulsOnly(int width, BufferAllocator allocator) {
        Random random = new Random(width);
        int count = 200;
        byte[] bytes = new byte[count * width];
        for (int i = 0; i < count; i++) {
            int length = random.nextInt(width + 1);
            for (int k = 0; k < length; k++) {
                bytes[i * width + k] = (byte) (random.nextInt(4) == 0 ? 0 : random.nextInt());
            }
        }
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        List<Long> ends = new ArrayList<>(List.of(0L));
        for (int i = 0; i < count; i++) {
            int end = width;
            while (end > 0 && bytes[i * width + end - 1] == 0) {
                end--;
            }
            expected.write(bytes, i * width, end);
            ends.add((long) expected.size());
        }
        for (boolean large : new boolean[] {false, true}) {
            try (KernelMemory source = KernelMemory.of(allocator, bytes, 3);
                    ArrowBuf offsets = allocator.buffer(8 * (count + 1));
                    ArrowBuf values =
                            allocator.buffer(Math.max(1, expected.size())).capacity(expected.size())) {
                assertThat(StripNul.total(source.buffer, source.offset, count, width))
                        .isEqualTo(expected.size());
                StripNul.strip(source.buffer, source.offset, count, width, large, offsets, values);
                assertThat(offsets(offsets, count, large)).isEqualTo(ends);
                byte[] actual = new byte[expected.size()];
                values.getBytes(0, actual);
                assertThat(actual).isEqualTo(expected.toByteArray());
            }
        }
    }

    private static void assertDecoded(BufferAllocator allocator, List<int[]> rows, int units) {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        List<Long> ends = new ArrayList<>(List.of(0L));
        for (int[] row : rows) {
            int end = units;
            while (end > 0 && row[end - 1] == 0) {
                end--;
            }
            expected.writeBytes(new String(row, 0, end).getBytes(StandardCharsets.UTF_8));
            ends.add((long) expected.size());
        }
        for (boolean large : new boolean[] {false, true}) {
            try (KernelMemory source = KernelMemory.of(allocator, utf32(rows, units), 1);
                    ArrowBuf offsets = allocator.buffer(8L * (rows.size() + 1));
                    ArrowBuf values = allocator.buffer(expected.size() + 4L * units * rows.size() + 8)) {
                DecodeText decoder = new DecodeText(source.buffer, source.offset, units, large);
                for (long end = 0; decoder.row() < rows.size(); ) {
                    end = Math.min(rows.size(), end + 7);
                    assertThat(decoder.step(end, offsets, values)).isTrue();
                }
                assertThat(decoder.position()).isEqualTo(expected.size());
                assertThat(offsets(offsets, rows.size(), large)).isEqualTo(ends);
                byte[] actual = new byte[expected.size()];
                values.getBytes(0, actual);
                assertThat(actual).isEqualTo(expected.toByteArray());
                assertThat(DecodeText.total(source.buffer, source.offset, rows.size(), units))
                        .isEqualTo(expected.size());
            }
        }
    }

    private static List<Long> offsets(ArrowBuf buffer, int rows, boolean large) {
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i <= rows; i++) {
            offsets.add(large ? buffer.getLong(8L * i) : buffer.getInt(4L * i));
        }
        return offsets;
    }

    private static byte[] utf32(List<int[]> rows, int units) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * units * rows.size()).order(ByteOrder.LITTLE_ENDIAN);
        rows.forEach(row -> {
            for (int unit : row) {
                buffer.putInt(unit);
            }
        });
        return buffer.array();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void encodesTextWithOneAccentAnywhere(boolean bigEndian, BufferAllocator allocator) {
        for (int length = 0; length <= 13; length++) {
            for (int accent = -1; accent < length; accent++) {
                StringBuilder text = new StringBuilder("abcdefghijklm".substring(0, length));
                if (accent >= 0) {
                    text.setCharAt(accent, '\u00e9');
                }
                assertEncoded(allocator, text.toString(), bigEndian);
            }
        }
    }

    private static void assertEncoded(BufferAllocator allocator, String text, boolean bigEndian) {
        byte[] bytes = ("x" + text + "yy").getBytes(StandardCharsets.UTF_8);
        int points = 14;
        try (KernelMemory offsets = KernelMemory.ofLength(allocator, 12, 0);
                KernelMemory data = KernelMemory.of(allocator, bytes, 1);
                KernelMemory target = KernelMemory.ofLength(allocator, 2L * points * 4, 0)) {
            ArrowBuf places = offsets.buffer.slice(offsets.offset, 12);
            ArrowBuf values = data.buffer.slice(data.offset, bytes.length);
            places.setInt(0, 1);
            places.setInt(4, bytes.length - 2);
            places.setInt(8, bytes.length);
            EncodeText.Measure measure = EncodeText.measure(places, values, null, 2, false, true);
            assertThat(measure.longest()).isEqualTo(Math.max(2, text.length()));
            assertThat(measure.valueBytes()).isEqualTo(bytes.length - 1);
            assertThat(measure.malformed()).isFalse();
            EncodeText.putUtf32(
                    places, values, null, 0, 2, false, points, bigEndian, target.buffer, target.offset, points * 4L);
            for (int i = 0; i < points; i++) {
                int unit = target.buffer.getInt(target.offset + i * 4L);
                int found = bigEndian ? Integer.reverseBytes(unit) : unit;
                assertThat(found).isEqualTo(i < text.length() ? text.charAt(i) : 0);
            }
            target.bytes();
        }
    }
}
