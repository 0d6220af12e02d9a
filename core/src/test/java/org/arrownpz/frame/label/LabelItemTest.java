package org.arrownpz.frame.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.DType;
import org.arrownpz.dtype.DTypeKind;
import org.arrownpz.dtype.DescrParser;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.frame.label.FrameAxis.AxisType;
import org.arrownpz.internal.python.PyText;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One label of every dtype, byte order and corner, as NumPy 2 prints it. */
class LabelItemTest {
    private static final Location PLACE = new Location("a.npz", "__values_columns_0__.npy");

    private static DType dtype(String str) throws NpzException {
        return DescrParser.parse(str.startsWith("[") ? str : PyText.repr(str), ReadLimits.defaults(), PLACE);
    }

    private static LabelArray one(String str, String hex) throws NpzException {
        byte[] data = HexFormat.of().parseHex(hex);
        return LabelArray.of((ScalarDType) dtype(str), data, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "<i1, 80, -128",
        "<i2, feff, -2",
        ">i2, fffe, -2",
        "<i4, 00000080, -2147483648",
        ">i4, 80000000, -2147483648",
        ">i8, 0000000000000102, 258",
        "|u1, ff, 255",
        "<u2, ffff, 65535",
        ">u2, ff00, 65280",
        "<u4, ffffffff, 4294967295",
        ">u4, ff000000, 4278190080",
        ">u8, ffffffffffffffff, 18446744073709551615",
        "|b1, 00, False",
        "|b1, 01, True",
        "<f2, 003e, 1.5",
        ">f2, c000, -2.0",
        "<f4, 0000c03f, 1.5",
        ">f8, 3ff8000000000000, 1.5",
        "<f8, 0000000000000080, -0.0",
        "<f8, 0000000000000000, 0.0",
        "<c8, 0000803f00000040, (1+2j)",
        ">c8, 3f80000040000000, (1+2j)",
        "<c8, 00000000000000c0, -2j",
        "<c8, 00000080000000c0, (-0-2j)",
        "<c16, 000000000000f87f000000000000f87f, (nan+nanj)",
        "<c16, 0000000000000000000000000000f0ff, -infj",
        "<c16, 92d54d06cff0804400000000000008c0, (1e+22-3j)",
    })
    void spellsNumbers(String str, String hex, String text) throws NpzException {
        assertThat(one(str, hex).text(0)).isEqualTo(text);
        assertThat(one(str, hex).value(0).repr()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "<f4, cdcccc3d, 0.1",
        "<f4, cdccccbd, -0.1",
        ">f4, 3dcccccd, 0.1",
        "<f4, ffff7f7f, 3.4028235e+38",
        "<f4, 01000000, 1e-45",
        "<f4, 00008000, 1.1754944e-38",
        "<f4, ffff7f4b, 16777215.0",
        "<f4, 20bcbe4c, 100000000.0",
        "<f4, 0000807f, inf",
        "<f4, 0000c07f, nan",
        "<f4, 00000080, -0.0",
        "<f2, 662e, 0.1",
        "<f2, 5535, 0.3333",
        "<f2, ff7b, 65500.0",
        "<f2, 0100, 6e-08",
        "<f2, 007c, inf",
        "<c8, cdcccc3dcdcc4c3e, (0.1+0.2j)",
    })
    void spellsShortFloatsWithTheDigitsThatTellThemFromTheirNeighbours(String str, String hex, String text)
            throws NpzException {
        assertThat(one(str, hex).text(0)).isEqualTo(text);
        assertThat(one(str, hex).repr(0)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "|S4, 61000000, b'a'",
                "|S4, 61006200, b'a\\x00b'",
                "|S2, 0000, b''",
                "|S2, 5c22, b'\\\\\"'",
                "|S4, 69742773, b\"it's\"",
                "|S3, 27225c, b'\\'\"\\\\'",
                "|S4, 0a0d0920, b'\\n\\r\\t '",
                "|S3, 1f7fe9, b'\\x1f\\x7f\\xe9'",
                "|V2, 4100, b'A\\x00'",
                "<f16, 00000000000000000000000000000041, b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00A'",
            })
    void spellsBytesAndWhatPythonHasNoNumberFor(String str, String hex, String text) throws NpzException {
        assertThat(one(str, hex).text(0)).isEqualTo(text);
        assertThat(one(str, hex).value(0).repr()).isEqualTo(text);
    }

    @Test
    void spellingUnprintableBytesTakesLittleHeap() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ScalarDType dtype = ScalarDType.of(DTypeKind.VOID, 4);
        int count = 10_000;
        byte[] data = new byte[4 * count];
        long least = Long.MAX_VALUE;
        for (int turn = 0; turn < 3; turn++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < count; i++) {
                LabelItem.read(dtype, data, i);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least / count).isLessThan(800);
    }

    @Test
    void spellsLongDoubleComplexAsItsBytes() throws NpzException {
        assertThat(one("<c32", "61".repeat(32)).text(0)).isEqualTo("b'" + "a".repeat(32) + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "m8[s] | 3 | 3 seconds | np.timedelta64(3,'s')",
                "m8[25s] | 3 | 75 seconds | np.timedelta64(75,'s')",
                "m8[D] | -1 | -1 days | np.timedelta64(-1,'D')",
                "m8 | 5 | 5 generic time units | np.timedelta64(5,'generic')",
                "m8[ns] | -9223372036854775808 | NaT | np.timedelta64('NaT','ns')",
                "M8[ns] | -9223372036854775808 | NaT | np.datetime64('NaT')",
                "M8[Y] | 50 | 2020 | np.datetime64('2020')",
                "M8[Y] | 8031 | 10001 | np.datetime64('10001')",
                "M8[Y] | -1970 | 0000 | np.datetime64('0000')",
                "M8[Y] | -2000 | -030 | np.datetime64('-030')",
                "M8[Y] | -12000 | -10030 | np.datetime64('-10030')",
                "M8[M] | -1 | 1969-12 | np.datetime64('1969-12')",
                "M8[W] | 1 | 1970-01-08 | np.datetime64('1970-01-08')",
                "M8[2W] | 1 | 1970-01-15 | np.datetime64('1970-01-15')",
                "M8[D] | -800000 | -221-09-04 | np.datetime64('-221-09-04')",
                "M8[h] | 25 | 1970-01-02T01 | np.datetime64('1970-01-02T01')",
                "M8[h] | -1 | 1969-12-31T23 | np.datetime64('1969-12-31T23')",
                "M8[m] | 90 | 1970-01-01T01:30 | np.datetime64('1970-01-01T01:30')",
                "M8[s] | 3661 | 1970-01-01T01:01:01 | np.datetime64('1970-01-01T01:01:01')",
                "M8[ms] | -1 | 1969-12-31T23:59:59.999 | np.datetime64('1969-12-31T23:59:59.999')",
                "M8[us] | 1 | 1970-01-01T00:00:00.000001 | np.datetime64('1970-01-01T00:00:00.000001')",
            })
    void spellsTimes(String str, long value, String text, String repr) throws NpzException {
        byte[] data = ByteBuffer.allocate(8).putLong(value).array();
        LabelArray labels = LabelArray.of((ScalarDType) dtype(">" + str), data, 1);

        assertThat(labels.text(0)).isEqualTo(text);
        assertThat(labels.value(0).repr()).isEqualTo(repr);
    }

    @Test
    void spellsDatesWithoutAUnitByTheirCount() throws NpzException {
        assertThat(one("<M8", "0500000000000000").text(0)).isEqualTo("5");
    }

    @Test
    void spellsTextInEitherByteOrderWithoutTrailingNuls() throws NpzException {
        assertThat(one("<U3", "610000000000000000000000").text(0)).isEqualTo("a");
        assertThat(one(">U2", "0001f60000000061").text(0)).isEqualTo("😀a");
        assertThat(one("<U3", "610000000000000062000000").text(0)).isEqualTo("a\0b");
        assertThat(one("<U1", "00000000").text(0)).isEmpty();
        assertThat(one("<U2", "00d80000ffdf0000").text(0)).isEqualTo("\\ud800\\udfff");
    }

    private static NumpyArray array(String str, int bytes, long... shape) throws NpzException {
        NpyHeader header = new NpyHeader(1, dtype(str), Shape.of(shape), StorageOrder.C, 0, bytes);
        byte[] data = new byte[bytes];
        Arrays.fill(data, (byte) 0x7f);
        return new NumpyArray(PLACE, header, ByteSources.ofHeap(ByteBuffer.wrap(data)));
    }

    private static void refused(NumpyArray array, ReadLimits limits, ErrorCode code, String words) {
        assertThatThrownBy(() -> LabelArray.read(array, limits))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(words)
                .hasMessageContaining("__values_columns_0__.npy");
    }

    @Test
    void refusesLabelsThatAreRecordsTooLargeOrNoText() throws NpzException {
        ReadLimits limits = ReadLimits.defaults();
        refused(array("[('a', '<i4')]", 4, 1), limits, ErrorCode.FRAME_LABELS, "record");
        refused(array("<i8", 16, 2), limits.withLabelBytes(15), ErrorCode.LIMIT, "withLabelBytes");
        refused(array("<U1", 8, 2), limits, ErrorCode.VALUE, "U+10FFFF");
        refused(array("|S0", 0, Integer.MAX_VALUE), limits, ErrorCode.LIMIT, "more labels");
        assertThat(LabelArray.read(array("<i8", 16, 2), limits.withLabelBytes(16))
                        .length())
                .isEqualTo(2);
    }

    @Test
    void refusesDataOfAnotherLength() throws NpzException {
        ScalarDType type = (ScalarDType) dtype("<i8");
        assertThatThrownBy(() -> LabelArray.of(type, new byte[15], 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void axesWithoutLabelsCountAndThoseOfSeveralLevelsGiveTuples() throws NpzException {
        assertThat(FrameAxis.automatic(3).label(2)).isEqualTo(Label.of(2));
        assertThat(FrameAxis.automatic(3)).hasToString("Index of 3 automatic labels");
        FrameAxis two = FrameAxis.ofColumns(
                AxisType.of(List.of(IndexClass.INDEX, IndexClass.INDEX), Label.NONE),
                List.of(one("<i2", "0100"), one("<U1", "61000000")));
        assertThat(two.label(0)).isEqualTo(Label.tuple(List.of(Label.of(1), Label.of("a"))));
        assertThat(two.label(0).text()).isEqualTo(two.text(0)).isEqualTo("(1, 'a')");
        assertThat(Label.tuple(List.of(Label.NONE)).text()).isEqualTo("(None,)");
        assertThat(two).hasToString("IndexHierarchy of 1 labels");
    }

    @Test
    @DisplayName("A9: an index of rows does not make up labels, which are columns of the frame")
    void rowsWithLabelsTellNone() {
        AxisType levels = AxisType.of(List.of(IndexClass.INDEX, IndexClass.INDEX), Label.NONE);
        FrameAxis rows = FrameAxis.ofRows(levels, 3, 2);
        List<ThrowingCallable> methods = List.of(
                () -> rows.label(0),
                () -> rows.text(0),
                () -> rows.select(new int[] {0}),
                () -> rows.sameLabels(FrameAxis.ofRows(levels, 3, 2)),
                () -> FrameAxis.automatic(3).sameLabels(rows));
        assertThat(methods)
                .allSatisfy(method -> assertThatThrownBy(method)
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessage("The labels of rows are the first 2 columns of Frame.root()"));
    }

    @Test
    @DisplayName("A9: an automatic axis has no labels beyond its length")
    void automaticLabelsEndWithTheAxis() {
        FrameAxis axis = FrameAxis.automatic(3);
        assertThatThrownBy(() -> axis.label(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> axis.text(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(axis.sameLabels(FrameAxis.automatic(3))).isTrue();
        assertThat(axis.sameLabels(FrameAxis.automatic(4))).isFalse();
    }

    @Test
    void firstColumnsOfAnAutomaticAxisStayAutomatic() {
        FrameAxis axis = FrameAxis.automatic(3);
        assertThat(axis.select(new int[] {0, 1}).isAuto()).isTrue();
        assertThat(axis.select(new int[] {0, 2}).label(1)).isEqualTo(Label.of(2));
    }
}
