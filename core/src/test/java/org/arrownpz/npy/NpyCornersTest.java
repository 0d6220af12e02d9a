package org.arrownpz.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.Mapping;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.StructDType;
import org.arrownpz.memory.ByteSink;
import org.arrownpz.memory.ByteSource;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The edges of headers, and what messages say about what lies beyond them. */
@ExtendWith(LeakCheck.class)
class NpyCornersTest {
    private static final Location PLACE = new Location("a.npz", "b.npy");
    private static final ScalarDType I4 = ScalarDType.of(DTypeKind.INT, 4);

    private static byte[] file(int major, String text, int dataLength) {
        byte[] encoded = text.getBytes(major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        int prefix = major == 1 ? 10 : 12;
        ByteBuffer out =
                ByteBuffer.allocate(prefix + encoded.length + dataLength).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) major);
        out.put((byte) 0);
        if (major == 1) {
            out.putShort((short) encoded.length);
        } else {
            out.putInt(encoded.length);
        }
        return out.put(encoded).array();
    }

    private static String header(String descr, String shape) {
        return "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + "}\n";
    }

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

    @Test
    void noticesAHeaderThatChangesBetweenTwoReads() {
        byte[] bytes = file(1, header("'<i4'", "(3,)").stripTrailing() + " ".repeat(200) + "\n", 12);
        ByteSource changing = new ByteSource() {
            private int reads;

            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public void read(long offset, ByteBuffer target) {
                byte[] now = bytes.clone();
                now[8] += (byte) reads++;
                target.put(now, (int) offset, target.remaining());
            }

            @Override
            public ArrowBuf region(long offset, long length) {
                throw new AssertionError("headers need no regions");
            }

            @Override
            public boolean views(long length) {
                return false;
            }

            @Override
            public void close() {}
        };
        assertThatThrownBy(() -> new NpyHeaderReader(ReadLimits.defaults()).read(changing, PLACE, true))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
    }

    @Test
    void remembersMostOfAHundredHeaders() throws NpzException {
        NpyHeaderReader reader = new NpyHeaderReader(ReadLimits.defaults());
        List<byte[]> files = new ArrayList<>();
        List<NpyHeader> headers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] bytes = file(1, header("'|S1'", "(" + (100 + i) + ",)"), 100 + i);
            files.add(bytes);
            headers.add(reader.read(new HeapSource(bytes), PLACE, true));
        }
        int remembered = 0;
        for (int i = 0; i < 100; i++) {
            NpyHeader again = reader.read(new HeapSource(files.get(i)), PLACE, true);
            assertThat(again).isEqualTo(headers.get(i));
            remembered += again == headers.get(i) ? 1 : 0;
        }
        assertThat(remembered).isGreaterThan(50);
    }

    @Test
    void remembersHeadersUpToFourKibibytesOnly() throws NpzException {
        NpyHeaderReader reader = new NpyHeaderReader(ReadLimits.defaults());
        for (int length : new int[] {4096, 4097}) {
            String text = header("'<i4'", "()");
            byte[] bytes = file(1, text.stripTrailing() + " ".repeat(length - 10 - text.length()) + "\n", 4);
            NpyHeader first = reader.read(new HeapSource(bytes), PLACE, true);
            assertThat(first.dataOffset()).isEqualTo(length);
            NpyHeader second = reader.read(new HeapSource(bytes), PLACE, true);
            assertThat(second).isEqualTo(first);
            assertThat(second == first).isEqualTo(length == 4096);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', C, true",
        "3, C, true",
        "3 4, C, false",
        "3 4, FORTRAN, true",
        "1 4, C, true",
        "0 4, C, true",
        "2 4, C, false",
        "4 1, C, true",
        "4 0, C, true",
        "4 2, C, false",
        "2 3 4, C, true",
    })
    void knowsWhetherColumnsAreContiguous(String lengths, StorageOrder order, boolean contiguous) {
        Shape shape = shape(lengths);
        NpyHeader header = new NpyHeader(1, I4, shape, order, 64, 4 * shape.elements());
        assertThat(header.columnsContiguous()).isEqualTo(contiguous);
    }

    private static Shape shape(String lengths) {
        return Shape.of(
                lengths.isEmpty()
                        ? new long[0]
                        : Arrays.stream(lengths.split(" "))
                                .mapToLong(Long::parseLong)
                                .toArray());
    }

    @Test
    void shapesAreValues() {
        Shape shape = Shape.of(3, 4);
        long[] lengths = shape.lengths();
        lengths[0] = 9;
        assertThat(shape.lengths()).containsExactly(3, 4);
        assertThat(shape).isEqualTo(Shape.of(3, 4)).hasSameHashCodeAs(Shape.of(3, 4));
        assertThat(shape).isNotEqualTo(Shape.of(4, 3)).isNotEqualTo(Shape.of(3)).isNotEqualTo("(3, 4)");
        assertThat(shape.hashCode()).isNotEqualTo(Shape.of(4, 3).hashCode());
        assertThat(Shape.of()).hasToString("()").isEqualTo(Shape.of());
        assertThat(Shape.of().elements()).isEqualTo(1);
        assertThat(Shape.of(3)).hasToString("(3,)");
        assertThat(Shape.of(0, 1L << 62).elements()).isZero();
        assertThatThrownBy(() -> Shape.of(3, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Shape.of(0, 1L << 62, 2)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void arraysLieOverExactlyTheirData() throws NpzException {
        NpyHeader header = new NpyHeader(1, I4, Shape.of(3), StorageOrder.C, 64, 12);
        for (int length : new int[] {11, 13}) {
            assertThatThrownBy(() -> new NpyArray(PLACE, header, new HeapSource(new byte[length])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected 12 bytes of data but found " + length);
        }
        NpyArray array = new NpyArray(PLACE, header, new HeapSource(new byte[12]));
        assertThat(array.header()).isSameAs(header);
        assertThatThrownBy(() -> array.region(8, 5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void openFilesAreGivenBack(Mapping mapping, BufferAllocator allocator, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("a.npy");
        ReadOptions options = ReadOptions.defaults().withMapping(mapping);
        Files.write(file, file(1, header("'<i4'", "(3,)"), 12));
        try (NpyFile npy = Npy.open(allocator, file, options)) {
            assertThat(npy).hasToString("<i4 (3,) C");
            npy.array().region(0, 12).close();
            npy.close();
        }
        Files.write(file, new byte[100]);
        assertThatThrownBy(() -> Npy.open(allocator, file, options)).isInstanceOf(NpzException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 16})
    void writesExactlyWhatWasAnnounced(int emitted, BufferAllocator allocator, @TempDir Path directory) {
        Path file = directory.resolve("a.npy");
        ArrayContent content = new ArrayContent() {
            @Override
            public DType dtype() {
                return I4;
            }

            @Override
            public Shape shape() {
                return Shape.of(3);
            }

            @Override
            public StorageOrder order() {
                return StorageOrder.C;
            }

            @Override
            public void writeTo(ByteSink sink) throws NpzException {
                sink.write(ByteBuffer.allocate(emitted));
            }
        };
        assertThat(content.byteLength()).isEqualTo(12);
        assertThatThrownBy(() -> Npy.write(allocator, file, content, WriteOptions.defaults()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the array announced 12 bytes but wrote " + emitted);
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"'', C", "3, C", "1234567, C", "3 4, C", "3 12345, FORTRAN", "0 4, C"})
    void leavesRoomForTheGrowingDimensionAsNumpyDoes(String lengths, StorageOrder order) {
        Shape shape = shape(lengths);
        String text = new String(NpyHeaderWriter.numpy(I4, shape, order), StandardCharsets.ISO_8859_1);
        String dictionary = text.substring(10, text.indexOf('}') + 1);
        long growing =
                shape.dimensions() == 0 ? 0 : shape.length(order == StorageOrder.FORTRAN ? shape.dimensions() - 1 : 0);
        int room = shape.dimensions() == 0 ? 0 : 21 - Long.toString(growing).length();
        int used = 10 + dictionary.length() + room + 1;

        assertThat(text.length()).isEqualTo(used + 64 - used % 64);
        assertThat(text.substring(text.indexOf('}') + 1).stripTrailing()).isEmpty();
        assertThat(text).endsWith("\n");
    }

    @Test
    void textThatJustFitsIsVersion1() throws NpzException {
        // A block ends at byte 65,536; the header of version 1.0 may take 65,535 behind its ten bytes.
        for (int missing = 0; missing < 130; missing++) {
            String name = "n".repeat(65_450 - missing);
            byte[] header = NpyHeaderWriter.numpy(
                    new StructDType(List.of(new StructDType.Field(name, null, I4, 0)), 4), Shape.of(), StorageOrder.C);
            assertThat(header.length % 64).isZero();
            assertThat((int) header[6]).isEqualTo(header.length <= 65_536 ? 1 : 2);
        }
    }
}
