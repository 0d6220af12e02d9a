package org.arrownpz.npy;

import static org.arrownpz.npy.HeaderBytes.file;
import static org.arrownpz.npy.HeaderBytes.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.HexFormat;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about bytes that are no header, and where their faults are placed. */
@ExtendWith(LeakCheck.class)
class NpyHeaderFaultsTest {
    private static final Location PLACE = new Location("a.npz", "b.npy");
    private static final ScalarDType I4 = ScalarDType.of(DTypeKind.INT, 4);

    private static NpyHeader read(byte[] bytes) throws NpzException {
        return new NpyHeaderReader(ReadLimits.defaults()).read(new HeapSource(bytes), PLACE, true);
    }

    private static NpzException fault(byte[] bytes) {
        NpzException fault = catchThrowableOfType(NpzException.class, () -> read(bytes));
        assertThat(fault).isNotNull();
        return fault;
    }

    @ParameterizedTest
    @CsvSource({
        "'', an empty file",
        "504b0304, a zip archive",
        "504b, a zip archive",
        "50, bytes 50",
        "504c, bytes 50 4c",
        "1f8b08, a gzip stream",
        "1f, bytes 1f",
        "1f8c, bytes 1f 8c",
        "8002, 'a Python pickle, which is never read'",
        "800595, 'a Python pickle, which is never read'",
        "8001, bytes 80 01",
        "8006, bytes 80 06",
        "80, bytes 80",
        "934e554d505901, bytes 93 4e 55 4d 50 59 01",
        "934e554d505801007600, bytes 93 4e 55 4d 50 58 01 00",
        "00112233445566778899, bytes 00 11 22 33 44 55 66 77",
    })
    void saysWhatAFileIsThatIsNoArray(String hex, String found) {
        NpzException fault = fault(HexFormat.of().parseHex(hex));

        assertThat(fault.code()).isEqualTo(ErrorCode.MAGIC);
        assertThat(fault.found()).isEqualTo(found);
        assertThat(fault.offset()).isZero();
        if (found.equals("a zip archive")) {
            assertThat(fault.remedy()).contains("open it as an NPZ");
        } else {
            assertThat(fault.remedy()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0.0", "4, 0, 4.0", "1, 1, 1.1", "255, 0, 255.0", "3, 255, 3.255"})
    void namesUnknownVersions(int major, int minor, String found) {
        byte[] bytes = file(1, header("'<i4'", "()"), 4);
        bytes[6] = (byte) major;
        bytes[7] = (byte) minor;
        NpzException fault = fault(bytes);

        assertThat(fault.code()).isEqualTo(ErrorCode.VERSION);
        assertThat(fault.found()).isEqualTo(found);
        assertThat(fault.offset()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void placesFaultsByTheVersion(int major) throws NpzException {
        int text = major == 1 ? 10 : 12;
        byte[] sound = file(major, header("'<i4'", "(3,)"), 12);

        assertThat(read(sound).major()).isEqualTo(major);
        assertThat(fault(Arrays.copyOf(sound, 8)).code()).isEqualTo(ErrorCode.HEADER_LENGTH);
        assertThat(fault(Arrays.copyOf(sound, text - 1))).hasMessageContaining("ends within the header length");
        assertThat(fault(Arrays.copyOf(sound, text))).hasMessageContaining("longer than the file");
        assertThat(fault(file(major, "", 12))).hasMessageContaining("the header is empty");
        int whole = sound.length - 12;
        NpzException cut = fault(Arrays.copyOf(sound, whole - 1));
        assertThat(cut.expected()).isEqualTo("at most " + (whole - 1 - text) + " bytes");
        assertThat(cut.found()).isEqualTo(String.valueOf(whole - text));
        NpzException truncated = fault(Arrays.copyOf(sound, sound.length - 1));
        assertThat(truncated.code()).isEqualTo(ErrorCode.DATA_TRUNCATED);
        assertThat(truncated.offset()).isEqualTo(text);
        assertThat(truncated).hasMessageContaining("shape (3,) of items of 4 bytes");
        NpzException trailing = fault(Arrays.copyOf(sound, sound.length + 1));
        assertThat(trailing.code()).isEqualTo(ErrorCode.DATA_TRAILING);
        assertThat(trailing.offset()).isEqualTo(sound.length);
        assertThat(trailing).hasMessageContaining("shape (3,) of items of 4 bytes");
        assertThat(fault(file(major, "{'descr': x}\n", 0)).offset()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 4"})
    void boundsTheHeaderByCharacters(int major, int bytesPerCharacter) throws NpzException {
        String text = header("'<i4'", "()");
        ReadLimits exact = ReadLimits.defaults().withHeaderCharacters(text.length());
        ReadLimits less = ReadLimits.defaults().withHeaderCharacters(text.length() - 1);
        byte[] bytes = file(major, text, 4);

        assertThat(new NpyHeaderReader(exact)
                        .read(new HeapSource(bytes), PLACE, true)
                        .dtype())
                .isEqualTo(I4);
        NpzException fault = catchThrowableOfType(
                NpzException.class, () -> new NpyHeaderReader(less).read(new HeapSource(bytes), PLACE, true));
        assertThat(fault.code()).isEqualTo(ErrorCode.LIMIT);
        assertThat(fault.expected()).isEqualTo("at most " + (text.length() - 1) + " characters");
        assertThat(fault.found()).isEqualTo(text.length() + (bytesPerCharacter == 1 ? " bytes" : " characters"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1] | HEADER_SYNTAX | not a dictionary",
                "{'descr': '<i4', 'fortran_order': False} | HEADER_KEYS | no key shape",
                "{'descr': '<i4', 'shape': ()} | HEADER_KEYS | no key fortran_order",
                "{'fortran_order': False, 'shape': ()} | HEADER_KEYS | no key descr",
                "{'descr': '<i4', 'fortran_order': 0, 'shape': ()} | HEADER_KEYS | truth value",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (), 'x': 1} | HEADER_KEYS | does not belong",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (), 5: 1} | HEADER_KEYS | does not belong",
                "{'descr': '<i4', 'descr': '<i4', 'fortran_order': False, 'shape': ()} | HEADER_KEYS | twice",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (1, -2)} | SHAPE | negative",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (1, '2')} | SHAPE | not an integer",
            })
    void namesWhatIsWrongWithTheDictionary(String text, ErrorCode code, String words) {
        NpzException fault = fault(file(1, text + "\n", 4));

        assertThat(fault.code()).isEqualTo(code);
        assertThat(fault).hasMessageContaining(words);
        assertThat(fault.offset()).isEqualTo(10);
    }

    @Test
    void quotesTheTextAroundASyntaxError() {
        NpzException fault = fault(file(1, "{'descr': '<i4', 'fortran_order': maybe, 'shape': (3,)}\n", 4));

        assertThat(fault.found()).isEqualTo("'n_order': maybe, 'shape': (3,)'");
        assertThat(fault).hasMessageContaining("at character 34 of the header text");
    }

    @ParameterizedTest
    @CsvSource({
        "'{''descr'': ', true",
        "'{''descr'': \n', false",
        "'   ', false",
        "'(', true",
    })
    void blamesTheLengthOnlyWhereTheTextIsCut(String text, boolean cut) {
        NpzException fault = fault(file(1, text, 4));

        assertThat(fault.code()).isEqualTo(ErrorCode.HEADER_SYNTAX);
        assertThat(fault.offset()).isEqualTo(cut ? 8 : 10);
        assertThat(fault.getMessage().contains("cuts the header text")).isEqualTo(cut);
    }

    @Test
    void takesAsManyDimensionsAsNumpy() throws NpzException {
        assertThat(read(file(1, header("'<i4'", "(" + "1,".repeat(64) + ")"), 4))
                        .shape()
                        .dimensions())
                .isEqualTo(64);
        ReadLimits two = ReadLimits.defaults().withDimensions(2);
        NpyHeaderReader reader = new NpyHeaderReader(two);
        assertThat(reader.read(new HeapSource(file(1, header("'<i4'", "(1, 1)"), 4)), PLACE, true)
                        .shape()
                        .dimensions())
                .isEqualTo(2);
        assertThat(fault(file(1, header("'<i4'", "(0, 4611686018427387904)"), 0))
                        .code())
                .isEqualTo(ErrorCode.SIZE_OVERFLOW);
        assertThat(read(file(1, header("'|S1'", "(0, 9223372036854775807)"), 0)).dataLength())
                .isZero();
    }
}
