package org.arrownpz.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.dtype.SubarrayDType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NpyHeaderWriterTest {
    private static final ScalarDType I8 = ScalarDType.of(DTypeKind.INT, 8);

    /** Distinct headers of the arrays in StaticFrame's golden archives: descr, shape, order, length, text. */
    static List<String> staticFrameHeaders() {
        return new String(TestData.bytes("golden/npy-headers/static-frame.tsv"), StandardCharsets.UTF_8)
                .lines()
                .skip(1)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("staticFrameHeaders")
    void writesTheBytesThatStaticFrameWrote(String row) throws NpzException {
        String[] cells = row.split("\t");
        long[] lengths =
                Arrays.stream(cells[1].split(";")).mapToLong(Long::parseLong).toArray();
        StorageOrder order = cells[2].equals("True") ? StorageOrder.FORTRAN : StorageOrder.C;
        int length = Integer.parseInt(cells[3]);

        byte[] written =
                NpyHeaderWriter.staticFrame((ScalarDType) parse("'" + cells[0] + "'"), Shape.of(lengths), order);

        assertThat(written).hasSize(length).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, length - 10, 0);
        String text = new String(written, 10, length - 10, StandardCharsets.ISO_8859_1);
        assertThat(text).isEqualTo(cells[4] + " ".repeat(length - 11 - cells[4].length()) + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'', C, C, FORTRAN", "'', FORTRAN, C, FORTRAN", "'5', C, C, FORTRAN", "'0', C, C, FORTRAN",
        "'5 1', FORTRAN, C, FORTRAN", "'1 5', C, C, FORTRAN", "'0 5', FORTRAN, C, FORTRAN", "'5 0', C, C, FORTRAN",
        "'1 1', C, C, FORTRAN", "'2 3', C, C, C", "'2 3', FORTRAN, FORTRAN, FORTRAN",
                "'1 2 3', FORTRAN, FORTRAN, FORTRAN",
        "'1 2 1', C, C, FORTRAN"
    })
    void knowsWhatNumpyAndStaticFrameStateForAmbiguousOrders(
            String lengths, StorageOrder order, StorageOrder numpy, StorageOrder staticFrame) {
        Shape shape = Shape.of(Arrays.stream(lengths.split(" "))
                .filter(text -> !text.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray());

        assertThat(NpyHeaderWriter.numpyOrder(shape, order)).isEqualTo(numpy);
        assertThat(NpyHeaderWriter.staticFrameOrder(shape, order)).isEqualTo(staticFrame);
    }

    @Test
    void addsAWholeBlockToATextThatFitsExactly() {
        // 10 bytes of prefix, 52 or 53 of text, and the newline.
        assertThat(NpyHeaderWriter.staticFrame(I8, Shape.of(123), StorageOrder.C))
                .hasSize(64);
        assertThat(NpyHeaderWriter.staticFrame(I8, Shape.of(1234), StorageOrder.C))
                .hasSize(128);
    }

    @Test
    void readsBackEveryVersionItWrites() throws NpzException {
        ReadLimits wide = ReadLimits.defaults().withHeaderCharacters(1 << 20).withRecordFields(100_000);
        for (int fields : new int[] {1, 5, 5000, 10_000}) {
            for (String letter : new String[] {"a", "é", "☃"}) {
                DType type = record(fields, letter, wide);
                byte[] header = NpyHeaderWriter.numpy(type, Shape.of(0, 3), StorageOrder.C);

                NpyHeader back = new NpyHeaderReader(wide).read(new HeapSource(header), Location.ofFile(null), true);

                assertThat(back.major()).isEqualTo(letter.equals("☃") ? 3 : fields < 1000 ? 1 : 2);
                assertThat(back.dtype()).isEqualTo(type);
                assertThat(back.dataOffset()).isEqualTo(header.length);
                assertThat(header.length % 64).isZero();
                assertThat(header[header.length - 1]).isEqualTo((byte) '\n');
            }
        }
    }

    @Test
    void switchesToVersion2WhenTheLengthNoLongerFits16Bits() throws NpzException {
        ReadLimits wide = ReadLimits.defaults().withHeaderCharacters(1 << 20);
        for (int length = 65_300; length < 65_600; length++) {
            DType type = DescrParser.parse("[('" + "a".repeat(length) + "', '<i4')]", wide, Location.ofFile(null));

            byte[] header = NpyHeaderWriter.numpy(type, Shape.of(1), StorageOrder.C);

            int major = header[6];
            assertThat(header.length - 10 <= 65_535).isEqualTo(major == 1);
            assertThat(new NpyHeaderReader(wide)
                            .read(new HeapSource(Arrays.copyOf(header, header.length + 4)), Location.ofFile(null), true)
                            .dtype())
                    .isEqualTo(type);
        }
    }

    @Test
    void refusesWhatHasNoHeader() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NpyHeaderWriter.staticFrame(I8, Shape.of(), StorageOrder.C));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NpyHeaderWriter.staticFrame(I8, Shape.of(1, 2, 3), StorageOrder.C));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> NpyHeaderWriter.numpy(new SubarrayDType(I8, List.of(2)), Shape.of(3), StorageOrder.C));
    }

    private static DType record(int fields, String letter, ReadLimits limits) throws NpzException {
        StringBuilder descr = new StringBuilder("[");
        for (int i = 0; i < fields; i++) {
            descr.append(i == 0 ? "" : ", ")
                    .append("('")
                    .append(letter)
                    .append(i)
                    .append("', '<f8')");
        }
        return DescrParser.parse(descr.append(']').toString(), limits, Location.ofFile(null));
    }

    private static DType parse(String descr) throws NpzException {
        return DescrParser.parse(descr, ReadLimits.defaults(), Location.ofFile(null));
    }
}
