package org.arrownpz.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.ScalarDType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyHeaderReaderTest {
    private static final Location PLACE = new Location("a.npz", "b.npy");
    private static final ScalarDType I4 = ScalarDType.of(DTypeKind.INT, 4);

    @Test
    void readsACommonHeaderWithOneRead() throws NpzException {
        HeapSource source = new HeapSource(file(header("'<i4'", "(3,)"), 12));

        NpyHeader header = reader().read(source, PLACE, true);

        assertThat(header).isEqualTo(new NpyHeader(1, I4, Shape.of(3), StorageOrder.C, header.dataOffset(), 12));
        assertThat(source.reads).isEqualTo(1);
    }

    @Test
    void readsALongHeaderWithTwoReads() throws NpzException {
        HeapSource source = new HeapSource(file(header("'<i4'", "(3,)") + " ".repeat(3000), 12));

        assertThat(reader().read(source, PLACE, true).shape()).isEqualTo(Shape.of(3));
        assertThat(source.reads).isEqualTo(2);
    }

    @Test
    void givesTheSameHeaderForTheSameBytes() throws NpzException {
        NpyHeaderReader reader = reader();
        byte[] bytes = file(header("'<i4'", "(3,)"), 12);

        NpyHeader first = reader.read(new HeapSource(bytes), PLACE, true);

        assertThat(reader.read(new HeapSource(bytes.clone()), PLACE, true)).isSameAs(first);
    }

    @Test
    void checksTheDataOfRememberedHeaders() throws NpzException {
        NpyHeaderReader reader = reader();
        byte[] bytes = file(header("'<i4'", "(3,)"), 12);
        reader.read(new HeapSource(bytes), PLACE, true);

        NpzException truncated = catchThrowableOfType(
                NpzException.class,
                () -> reader.read(new HeapSource(Arrays.copyOf(bytes, bytes.length - 1)), PLACE, true));
        NpzException trailing = catchThrowableOfType(
                NpzException.class,
                () -> reader.read(new HeapSource(Arrays.copyOf(bytes, bytes.length + 1)), PLACE, true));

        assertThat(truncated.code()).isEqualTo(ErrorCode.DATA_TRUNCATED);
        assertThat(trailing.code()).isEqualTo(ErrorCode.DATA_TRAILING);
        assertThat(trailing.offset()).isEqualTo(bytes.length);
        assertThat(reader.read(new HeapSource(Arrays.copyOf(bytes, bytes.length + 1)), PLACE, false)
                        .dataLength())
                .isEqualTo(12);
    }

    @Test
    void opensAnArrayOverExactlyItsData() throws NpzException {
        NumpyArray array = reader().open(new HeapSource(file(header("'<i4'", "(3,)"), 20)), PLACE, false);

        assertThat(array.data().size()).isEqualTo(12);
        assertThat(array.location()).isEqualTo(PLACE);
        assertThat(array).hasToString("<i4 (3,) C");
    }

    @ParameterizedTest
    @CsvSource({"'()', 4", "'(0,)', 0", "'(0, 3)', 0", "'(2, 3, 4)', 96", "'(1L, 2)', 8"})
    void computesTheDataLength(String shape, long length) throws NpzException {
        assertThat(reader().read(new HeapSource(file(header("'<i4'", shape), (int) length)), PLACE, true)
                        .dataLength())
                .isEqualTo(length);
    }

    @Test
    void readsEmptyStringsWithoutDataBytes() throws NpzException {
        NpyHeader header = reader().read(new HeapSource(file(header("'<U0'", "(5,)"), 0)), PLACE, true);

        assertThat(header.shape().elements()).isEqualTo(5);
        assertThat(header.dataLength()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'(4611686018427387904,)', SIZE_OVERFLOW",
        "'(0, 4611686018427387904)', SIZE_OVERFLOW",
        "'(2305843009213693952, 0)', SIZE_OVERFLOW",
        "'(2305843009213693951,)', DATA_TRUNCATED",
        "'(2305843009213693951, 0)', ",
        "'(9223372036854775808,)', SIZE_OVERFLOW",
        "'(18446744073709551619,)', SIZE_OVERFLOW",
        "'(-18446744073709551619,)', SHAPE",
        "'(-1,)', SHAPE",
        "'(True,)', SHAPE",
        "'(3.0,)', SHAPE",
        "'3', SHAPE",
        "'[3]', SHAPE",
        "'{3}', SHAPE",
        "'None', SHAPE",
    })
    void checksShapesByValue(String shape, ErrorCode code) {
        NpzException fault = catchThrowableOfType(
                NpzException.class, () -> reader().read(new HeapSource(file(header("'<i4'", shape), 0)), PLACE, false));

        if (code == null) {
            assertThat(fault).isNull();
        } else {
            assertThat(fault.code()).isEqualTo(code);
            assertThat(fault.offset()).isEqualTo(10);
            assertThat(fault).hasMessageStartingWith("a.npz!/b.npy at byte 10: " + code);
        }
    }

    @Test
    void boundsDimensions() {
        assertThat(fault(header("'<i4'", "(" + "1,".repeat(65) + ")")).code()).isEqualTo(ErrorCode.SHAPE);
        ReadLimits two = ReadLimits.defaults().withDimensions(2);
        NpzException limited = catchThrowableOfType(
                NpzException.class,
                () -> new NpyHeaderReader(two)
                        .read(new HeapSource(file(header("'<i4'", "(1, 1, 1)"), 4)), PLACE, true));
        assertThat(limited.code()).isEqualTo(ErrorCode.LIMIT);
    }

    @Test
    void countsCharactersAndNotBytesOfVersion3() throws NpzException {
        ReadLimits tight = ReadLimits.defaults().withHeaderCharacters(200);
        String text = header("[('" + "中".repeat(100) + "', '<i4')]", "(1,)");
        String padded = text + " ".repeat(200 - text.length());

        assertThat(new NpyHeaderReader(tight)
                        .read(new HeapSource(file(3, padded.getBytes(StandardCharsets.UTF_8), 4)), PLACE, true)
                        .shape())
                .isEqualTo(Shape.of(1));
        NpzException fault = catchThrowableOfType(
                NpzException.class,
                () -> new NpyHeaderReader(tight)
                        .read(
                                new HeapSource(file(3, (padded + " ").getBytes(StandardCharsets.UTF_8), 4)),
                                PLACE,
                                true));
        assertThat(fault.code()).isEqualTo(ErrorCode.LIMIT);
        assertThat(fault.offset()).isEqualTo(8);
    }

    @Test
    void refusesGiantHeadersBeforeMemoryIsTaken() {
        byte[] bytes = Arrays.copyOf(file(2, new byte[0], 0), 140);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 0x7fff_0000);
        HeapSource source = new HeapSource(bytes, 1L << 40);

        NpzException fault = catchThrowableOfType(NpzException.class, () -> reader().read(source, PLACE, false));

        assertThat(fault.code()).isEqualTo(ErrorCode.LIMIT);
        assertThat(source.reads).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PK\u0003\u0004 an archive", "\u001f\u008b gzip", "\u0080\u0004 pickle", "NUMPY", ""})
    void tellsOtherFormatsFromNpy(String start) {
        NpzException fault = catchThrowableOfType(
                NpzException.class,
                () -> reader().read(new HeapSource(start.getBytes(StandardCharsets.ISO_8859_1)), PLACE, true));

        assertThat(fault.code()).isEqualTo(ErrorCode.MAGIC);
        assertThat(fault.found()).isNotNull();
    }

    @Test
    void tellsWhereTheTextIsWrong() {
        assertThat(fault("{'descr': x}")).hasMessageContaining("at character 10 of the header text");
    }

    @Test
    void blamesTheLengthForACutText() {
        NpzException fault = fault("{'descr': '<i4', 'fortran_or", false);

        assertThat(fault.code()).isEqualTo(ErrorCode.HEADER_SYNTAX);
        assertThat(fault.offset()).isEqualTo(8);
    }

    @Test
    void survivesEveryDamagedByteAndEveryTruncation() {
        byte[] bytes = file(header("[(('t', 'a'), '<i4', (2,)), ('', '|V4'), ('b', '<M8[ns]')]", "(3, 1)"), 60);
        NpyHeaderReader reader = reader();
        for (int i = 0; i < bytes.length; i++) {
            for (int value = 0; value < 256; value++) {
                byte[] damaged = bytes.clone();
                damaged[i] = (byte) value;
                readOrRefuse(reader, damaged);
            }
            readOrRefuse(reader, Arrays.copyOf(bytes, i));
        }
    }

    @Test
    void survivesRandomTextOfPythonTokens() {
        String[] tokens = {
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            ",",
            ":",
            "'descr'",
            "'shape'",
            "'fortran_order'",
            "True",
            "False",
            "None",
            "1",
            "99999999999999999999",
            "-",
            "'<i4'",
            "'O'",
            "'a'",
            "b'x'",
            "\\",
            "'",
            "\"",
            "\n",
            " ",
            "1.5",
            "é",
            "L"
        };
        Random random = new Random(7);
        NpyHeaderReader reader = reader();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "{'descr': " : "");
            for (int j = random.nextInt(30); j > 0; j--) {
                text.append(tokens[random.nextInt(tokens.length)]);
            }
            readOrRefuse(reader, file(text.toString(), 8));
        }
    }

    @Test
    void mayBeSharedByThreads() throws Exception {
        NpyHeaderReader reader = reader();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int seed = thread;
                futures.add(threads.submit(() -> {
                    Random random = new Random(seed);
                    for (int i = 0; i < 5_000; i++) {
                        int length = random.nextInt(1000);
                        byte[] bytes = file(header("'|S1'", "(" + length + ",)"), length);
                        assertThat(reader.read(new HeapSource(bytes), PLACE, true)
                                        .dataLength())
                                .isEqualTo(length);
                    }
                    return null;
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void readOrRefuse(NpyHeaderReader reader, byte[] bytes) {
        try {
            reader.read(new HeapSource(bytes), PLACE, false);
        } catch (NpzException refused) {
            assertThat(refused).hasMessageStartingWith("a.npz!/b.npy");
        }
    }

    private static NpzException fault(String text) {
        return fault(text, true);
    }

    private static NpzException fault(String text, boolean newline) {
        byte[] encoded = (text + (newline ? "\n" : "")).getBytes(StandardCharsets.ISO_8859_1);
        NpzException fault = catchThrowableOfType(
                NpzException.class, () -> reader().read(new HeapSource(file(1, encoded, 100)), PLACE, false));
        assertThat(fault).isNotNull();
        return fault;
    }

    private static NpyHeaderReader reader() {
        return new NpyHeaderReader(ReadLimits.defaults());
    }

    private static String header(String descr, String shape) {
        return "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + "}";
    }

    private static byte[] file(String text, int dataLength) {
        return file(1, (text + "\n").getBytes(StandardCharsets.ISO_8859_1), dataLength);
    }

    private static byte[] file(int major, byte[] text, int dataLength) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) major, 0});
        ByteBuffer length =
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(text.length);
        out.write(length.array(), 0, major == 1 ? 2 : 4);
        out.writeBytes(text);
        out.writeBytes(new byte[dataLength]);
        return out.toByteArray();
    }
}
