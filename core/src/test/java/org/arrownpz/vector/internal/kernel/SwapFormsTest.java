package org.arrownpz.vector.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.internal.kernel.SwapBytes.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LeakCheck.class)
class SwapFormsTest {
    private static final String SIXTEEN = "00112233445566778899aabbccddeeff";

    private static String turned(BufferAllocator allocator, Form form, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        try (ArrowBuf memory = allocator.buffer(bytes.length)) {
            ArrowBuf values = memory.capacity(bytes.length);
            values.setBytes(0, bytes);
            SwapBytes.turn(values, form);
            values.getBytes(0, bytes);
        }
        return HexFormat.of().formatHex(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "BYTES, 00112233445566778899aabbccddeeff",
        "TWO, 11003322554477669988bbaaddccffee",
        "FOUR, 3322110077665544bbaa9988ffeeddcc",
        "EIGHT, 7766554433221100ffeeddccbbaa9988",
        "DECIMAL128, ffeeddccbbaa99887766554433221100",
        "MONTH_DAY_NANO, 3322110077665544ffeeddccbbaa9988"
    })
    void turnsEachPartOfEachValue(Form form, String expected, BufferAllocator allocator) {
        assertThat(turned(allocator, form, SIXTEEN)).isEqualTo(expected);
        assertThat(turned(allocator, form, SIXTEEN + SIXTEEN)).isEqualTo(expected + expected);
    }

    @Test
    void turnsWideDecimalsAsAWhole(BufferAllocator allocator) {
        String value = SIXTEEN + "0102030405060708090a0b0c0d0e0f10";
        String turned = "100f0e0d0c0b0a090807060504030201ffeeddccbbaa99887766554433221100";
        assertThat(turned(allocator, Form.DECIMAL256, value + value)).isEqualTo(turned + turned);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "of nothing, 00000000445566778899aabbccddeeff, 00000000445566778899aabbccddeeff",
        "of 12 bytes, 0000000c445566778899aabbccddeeff, 0c000000445566778899aabbccddeeff",
        "of 13 bytes, 0000000d445566778899aabbccddeeff, 0d00000044556677bbaa9988ffeeddcc",
        "of a negative length, ffffffff445566778899aabbccddeeff, ffffffff44556677bbaa9988ffeeddcc"
    })
    void keepsTheBytesOfValuesWithinViews(String what, String view, String expected, BufferAllocator allocator) {
        assertThat(turned(allocator, Form.VIEW, view + view)).as(what).isEqualTo(expected + expected);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void doesNothingWithoutValues(Form form, BufferAllocator allocator) {
        assertThat(turned(allocator, form, "")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BYTES")
    void refusesPartsOfValues(Form form, BufferAllocator allocator) {
        assertThatThrownBy(() -> turned(allocator, form, SIXTEEN + "01")).isInstanceOf(IllegalArgumentException.class);
    }
}
