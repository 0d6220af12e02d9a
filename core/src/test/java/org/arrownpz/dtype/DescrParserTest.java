package org.arrownpz.dtype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.List;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DescrParserTest {
    private static final Location PLACE = new Location("a.npz", "b.npy");

    /** Spelling and what NumPy's {@code dtype.str} makes of it on a little-endian machine; float8 as opaque bytes. */
    @ParameterizedTest
    @CsvSource({
        "<i8, <i8",
        ">i8, >i8",
        "=i8, <i8",
        "|i8, <i8",
        "i8, <i8",
        "<i2, <i2",
        ">u4, >u4",
        "<u8, <u8",
        "|i1, |i1",
        "<i1, |i1",
        ">u1, |u1",
        "u1, |u1",
        "|b1, |b1",
        "<b1, |b1",
        ">b1, |b1",
        "?, |b1",
        "<?, |b1",
        "<f1, |V1",
        "<f2, <f2",
        ">f4, >f4",
        "f8, <f8",
        "<f16, <f16",
        "g, <f16",
        ">g, >f16",
        "<c8, <c8",
        ">c16, >c16",
        "<c32, <c32",
        "G, <c32",
        "|S5, |S5",
        "<S5, |S5",
        "S0, |S0",
        "S, |S0",
        "|S2147483647, |S2147483647",
        "<U5, <U5",
        ">U5, >U5",
        "|U5, <U5",
        "U, <U0",
        ">U0, >U0",
        "<U1, <U1",
        "<U536870911, <U536870911",
        "|V5, |V5",
        "<V3, |V3",
        "M8, <M8",
        "<M8[generic], <M8",
        ">m8, >m8",
        "M, <M8",
        "m, <m8",
        "<M8[Y], <M8[Y]",
        "<M8[M], <M8[M]",
        "<M8[W], <M8[W]",
        "<M8[D], <M8[D]",
        "<M8[h], <M8[h]",
        "<M8[m], <M8[m]",
        "<M8[s], <M8[s]",
        "<M8[ms], <M8[ms]",
        "<M8[us], <M8[us]",
        ">M8[ns], >M8[ns]",
        "<m8[ps], <m8[ps]",
        "<m8[fs], <m8[fs]",
        "<m8[as], <m8[as]",
        "<M8[25s], <M8[25s]",
        "<M8[1s], <M8[s]",
        "<m8[2147483647D], <m8[2147483647D]",
        "<i, <i4",
        "<i08, <i8",
        "<i+8, <i8",
        "b, |i1",
        "f, <f4",
        "d, <f8",
        "e, <f2",
        "<U05, <U5",
        "<V0, |V0",
        "V, |V0",
        "a4, |S4",
        "l, <i8",
        "p, <i8",
        "int32, <i4",
        "float, <f8",
        "<M8[01s], <M8[s]",
        "<M8[ms/5], <M8[200us]",
        "<M8[2generic], <M8",
        "<M8[\u03bcs], <M8[us]",
        "q, <i8",
        ">q, >i8",
        "|a3, |S3",
        "int64, <i8",
        "L, <u8",
        "Q, <u8",
        "bool, |b1",
        "str, <U0",
        "longdouble, <f16",
        "complex128, <c16",
        "c, |S1",
        "5S, |S5",
        "datetime64[ns], <M8[ns]",
        ">timedelta64[D], >m8[D]",
        "()i4, <i4",
        "<M8[Y/365], <M8[D]",
        "<M8[3s/1000], <M8[3ms]",
    })
    void readsScalarsAsNumpyDoes(String spelling, String str) throws NpzException {
        DType type = parse("'" + spelling + "'");

        assertThat(type).isInstanceOf(ScalarDType.class);
        assertThat(type.toString()).isEqualTo(str);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<",
                ">",
                "|",
                "<<i8",
                "<i3",
                "<i16",
                "i0",
                "<i-8",
                "<i8 ",
                " <i8",
                "< i8",
                "<i8x",
                "<i99999999999999999999",
                "b2",
                "b0",
                "?1",
                "f1",
                ">f1",
                "<f3",
                "f12",
                "<c4",
                "<U-1",
                "<U536870912",
                "<U1073741824",
                "|S2147483648",
                "|S99999999999999999999",
                "|V2147483648",
                "<x4",
                "bfloat16",
                "<I4",
                "<M8[s/0]",
                "<M8[as/2]",
                "<M8[ms/3]",
                "<int32",
                "a-1",
                "2<i4",
                "(2,)<i4",
                "<i\u0664",
                "<i４",
                "<M4",
                "<M8[]",
                "<M8[",
                "<M8]",
                "<M8[ns",
                "<M8ns]",
                "<M8[ns]]",
                "<M8[[ns]",
                "<M8[ns]x",
                "<M8[x]",
                "<M8[NS]",
                "<M8[0s]",
                "<M8[-1s]",
                "<M8[5]",
                "<M8[99999999999s]",
                "<M8[generic]x",
                "<M80",
                "M4[s]",
                "<M8[ s]",
                "i4,,f8"
            })
    void refusesOtherScalars(String spelling) {
        assertThat(fault("'" + spelling + "'").code()).isEqualTo(ErrorCode.DTYPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'O'",
                "'|O'",
                "'<O8'",
                "'|O4'",
                "'T'",
                "'|T16'",
                "'object'",
                "'i4,O'",
                "[('a', '|O')]",
                "[('a', '<i4'), ('b', 'O', (0,))]",
                "[('a', [('b', [('c', '|O')])])]",
                "[(('t', 'a'), '|O')]",
                "[('', '|O')]",
                "[('a', ('|O', (2,)))]"
            })
    void refusesObjectsAnywhere(String descr) {
        assertThat(fault(descr).code()).isEqualTo(ErrorCode.OBJECT_DTYPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3",
                "None",
                "True",
                "b'<i4'",
                "{}",
                "{'names': ['a'], 'formats': ['<i4']}",
                "('<i4', (2,))",
                "()",
                "'\\x3ci4'",
                "'<i4\\n'",
                "[]",
                "['a', '<i4']",
                "[['a', '<i4']]",
                "[('a',)]",
                "[('a', '<i4', (2,), 1)]",
                "[('a', 4)]",
                "[(1, '<i4')]",
                "[(None, '<i4')]",
                "[(('t',), '<i4')]",
                "[(('t', 1), '<i4')]",
                "[((1, 'a'), '<i4')]",
                "[('', '<i4')]",
                "[(('t', ''), '<i4')]",
                "[('', '|V4')]",
                "[('a', [])]",
                "[('a', '<i4'), ('a', '<i4')]",
                "[(('t', 'a'), '<i4'), (('t', 'b'), '<i4')]",
                "[(('b', 'a'), '<i4'), ('b', '<i4')]",
                "[(('a', 'a'), '<i4')]",
                "[('a', '<i4', [2])]",
                "[('a', '<i4', (-1,))]",
                "[('a', '<i4', (2.0,))]",
                "[('a', '<i4', (True,))]",
                "[('a', '<i4', ('2',))]",
                "[('a', '<i4', (4294967296, 4294967296))]",
                "[('a', '<i4', (18446744073709551618,))]",
                "[('a', '<i4', (536870912,))]",
                "[('a', '<i4', (2147483647, 2147483647, 0))]",
                "[('a', '<U0', (65536, 65536))]",
                "[('a', '|S2147483647'), ('b', '|S1')]",
                "[('a', [('b', '|S2147483647')], (2,))]",
                "[('a', ('<i4',))]"
            })
    void refusesOtherValues(String descr) {
        assertThat(fault(descr).code()).isEqualTo(ErrorCode.DTYPE);
    }

    @Test
    void placesFieldsBehindPadding() throws NpzException {
        StructDType type = struct("[('a', '|i1'), ('', '|V3'), ('b', '<f4'), ('', '|V8')]");

        assertThat(type.fields())
                .extracting(StructDType.Field::name, StructDType.Field::offset)
                .containsExactly(tuple("a", 0L), tuple("b", 4L));
        assertThat(type.itemSize()).isEqualTo(16);
    }

    @Test
    void takesNamelessSubarraysForPaddingAsNumpyDoes() throws NpzException {
        StructDType type = struct("[('', '|V3', (2,)), ('', '<i4', (1,)), ('b', '<f4')]");

        assertThat(type.fields()).hasSize(1);
        assertThat(type.fields().get(0).offset()).isEqualTo(10);
    }

    @Test
    void readsTitlesSubarraysAndNestedRecords() throws NpzException {
        StructDType type = struct(
                "[(('T', 'a'), '>i4', (2, 3)), ('b', ('<f8', (5,)), (2,)), ('c', [('x', '<U2')], (4,)), ('d', '<i2',"
                        + " ())]");

        assertThat(type.fields().get(0).title()).isEqualTo("T");
        assertThat(type.fields().get(0).dtype()).isEqualTo(new SubarrayDType(parse("'>i4'"), List.of(2, 3)));
        assertThat(type.fields().get(1).dtype())
                .isEqualTo(new SubarrayDType(new SubarrayDType(parse("'<f8'"), List.of(5)), List.of(2)));
        assertThat(type.fields().get(2).dtype()).isEqualTo(new SubarrayDType(parse("[('x', '<U2')]"), List.of(4)));
        assertThat(type.fields().get(3).dtype()).isEqualTo(parse("'<i2'"));
        assertThat(type.itemSize()).isEqualTo(24 + 80 + 32 + 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "i4,f8; [('f0', '<i4'), ('f1', '<f8')]",
                "i4,; [('f0', '<i4')]",
                ">i4, (2,3)f8 ,a3; [('f0', '>i4'), ('f1', '<f8', (2, 3)), ('f2', '|S3')]",
                "2<q,3V,=int64; [('f0', '<i8', (2,)), ('f1', '|V3'), ('f2', '<i8')]",
                "M8[ns],5U; [('f0', '<M8[ns]'), ('f1', '<U5')]",
            })
    void readsRecordsInOneString(String spelling, String descr) throws NpzException {
        assertThat(parse("'" + spelling + "'").descr()).isEqualTo(descr);
    }

    @Test
    void readsSubarraysInOneStringInsideRecordsOnly() throws NpzException {
        assertThat(parse("[(('t', 'a'), '(2,3)i4'), ('b', '4f'), ('c', '<i2', 2)]")
                        .descr())
                .isEqualTo("[(('t', 'a'), '<i4', (2, 3)), ('b', '<f4', (4,)), ('c', '<i2', (2,))]");
        assertThat(fault("'(2,3)i4'")).hasMessageContaining("only of a record's field");
    }

    @Test
    void boundsFieldsOfCommaStrings() {
        ReadLimits three = ReadLimits.defaults().withRecordFields(3);

        assertThat(catchThrowableOfType(NpzException.class, () -> DescrParser.parse("'i4,i4,i4,i4'", three, PLACE))
                        .code())
                .isEqualTo(ErrorCode.LIMIT);
    }

    @Test
    void boundsFieldsWithNestedOnesIncluded() throws NpzException {
        ReadLimits three = ReadLimits.defaults().withRecordFields(3);
        String within = "[('a', '<i4'), ('', '|V4'), ('n', [('b', '<i4')])]";
        String beyond = "[('a', '<i4'), ('n', [('b', '<i4'), ('c', '<i4')])]";

        assertThat(DescrParser.parse(within, three, PLACE).itemSize()).isEqualTo(12);
        assertThat(catchThrowableOfType(NpzException.class, () -> DescrParser.parse(beyond, three, PLACE))
                        .code())
                .isEqualTo(ErrorCode.LIMIT);
    }

    @Test
    void namesPlaceAndEscapesTextFromTheFile() {
        NpzException fault = fault("'<i4\u0007\u202e" + "x".repeat(200) + "'");

        assertThat(fault).hasMessageContaining("a.npz!/b.npy").hasMessageContaining("\\u0007\\u202e");
        assertThat(fault.getMessage()).hasSizeLessThan(300);
    }

    @Test
    void refusesTextThatIsNoLiteral() {
        assertThat(fault("<i8").code()).isEqualTo(ErrorCode.DTYPE);
        assertThat(fault("[('a', ".repeat(20)).code()).isEqualTo(ErrorCode.DTYPE);
    }

    private static StructDType struct(String descr) throws NpzException {
        return (StructDType) parse(descr);
    }

    private static DType parse(String descr) throws NpzException {
        return DescrParser.parse(descr, ReadLimits.defaults(), PLACE);
    }

    private static NpzException fault(String descr) {
        NpzException fault = catchThrowableOfType(NpzException.class, () -> parse(descr));
        assertThat(fault).as(descr).isNotNull();
        return fault;
    }
}
