package org.arrownpz.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions.NatPolicy;
import org.arrownpz.ReadOptions.TypeMapping;
import org.arrownpz.dtype.DType;
import org.arrownpz.npy.NpyHeader;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.vector.internal.plan.ColumnPlan;
import org.arrownpz.vector.internal.plan.ColumnPlanner;
import org.arrownpz.vector.read.TestArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of types. */
class ColumnPlannerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "|i1;Int(8, true);view",
                "<i2;Int(16, true);view",
                "<i8;Int(64, true);view",
                "|u1;Int(8, false);view",
                "<u8;Int(64, false);view",
                ">i4;Int(32, true);big-endian: bytes swapped",
                "<f2;FloatingPoint(HALF);view",
                "<f4;FloatingPoint(SINGLE);view",
                "<f8;FloatingPoint(DOUBLE);view",
                ">f8;FloatingPoint(DOUBLE);big-endian: bytes swapped",
                "|b1;Bool;bool bytes are packed into bits",
                "<M8[s];Timestamp(SECOND, null);view",
                "<M8[ms];Timestamp(MILLISECOND, null);view",
                "<M8[us];Timestamp(MICROSECOND, null);view",
                "<M8[ns];Timestamp(NANOSECOND, null);view",
                "<m8[s];Duration(SECOND);view",
                "<m8[ns];Duration(NANOSECOND);view",
                "<M8[D];Date(DAY);64-bit dates are narrowed to 32-bit days",
                "<M8[W];Date(DAY);64-bit dates are narrowed to 32-bit days",
                "<M8[M];Date(DAY);64-bit dates are narrowed to 32-bit days",
                ">M8[Y];Date(DAY);64-bit dates are narrowed to 32-bit days",
                "<M8[h];Timestamp(SECOND, null);64-bit times are rescaled to a finer unit",
                "<M8[15m];Timestamp(SECOND, null);64-bit times are rescaled to a finer unit",
                "<M8[10s];Timestamp(SECOND, null);64-bit times are rescaled to a finer unit",
                "<M8[25us];Timestamp(MICROSECOND, null);64-bit times are rescaled to a finer unit",
                "<m8[W];Duration(SECOND);64-bit times are rescaled to a finer unit",
                "<m8[D];Duration(SECOND);64-bit times are rescaled to a finer unit",
                "<m8[h];Duration(SECOND);64-bit times are rescaled to a finer unit",
                "<m8[Y];Interval(YEAR_MONTH);64-bit month spans are narrowed to 32-bit intervals",
                "<m8[M];Interval(YEAR_MONTH);64-bit month spans are narrowed to 32-bit intervals",
                "<M8[ps];Int(64, true);view",
                "<m8[as];Int(64, true);view",
                "<M8;Int(64, true);view",
                "<U4;Utf8;UTF-32 text is decoded to UTF-8",
                "<U0;Utf8;UTF-32 text is decoded to UTF-8",
                "|S4;Binary;trailing NUL bytes are stripped",
                "|S0;Binary;trailing NUL bytes are stripped",
                "|V5;FixedSizeBinary(5);view",
                "<c8;FixedSizeList(2);view",
                ">c16;FixedSizeList(2);big-endian: bytes swapped",
                "<f16;FixedSizeBinary(16);view",
                ">c32;FixedSizeBinary(32);view",
            })
    void mapsToArrowTypes(String dtype, String type, String reason) throws NpzException {
        assertPlan(TypeMapping.ARROW, dtype, type, reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "<i8;Int(64, true);",
                ">i8;FixedSizeBinary(8);",
                "<f2;FloatingPoint(HALF);",
                "|b1;Int(8, true);arrow.bool8",
                "<M8[ns];Timestamp(NANOSECOND, null);",
                "<M8[D];Int(64, true);numpy.datetime64",
                "<M8[10s];Int(64, true);numpy.datetime64",
                "<m8[h];Int(64, true);numpy.timedelta64",
                ">m8[h];FixedSizeBinary(8);",
                "<U4;FixedSizeBinary(16);numpy.unicode",
                ">U4;FixedSizeBinary(16);numpy.unicode",
                "|S4;FixedSizeBinary(4);",
                "|V5;FixedSizeBinary(5);",
                "<c8;FixedSizeList(2);numpy.complex",
                ">c8;FixedSizeBinary(8);",
                "<f16;FixedSizeBinary(16);arrow.opaque",
            })
    void mapsToStorageTypesWithoutAnyCopy(String dtype, String type, String extension) throws NpzException {
        ColumnPlan plan = assertPlan(TypeMapping.STORAGE, dtype, type, "view");
        assertThat(plan.fieldType().getMetadata().get("ARROW:extension:name")).isEqualTo(extension);
    }

    @Test
    void writesTheParametersOfExtensions() throws NpzException {
        assertThat(metadata("<M8[25ps]"))
                .containsEntry("ARROW:extension:metadata", "{\"unit\":\"ps\",\"multiplier\":25}");
        assertThat(metadata("<m8"))
                .containsEntry("ARROW:extension:metadata", "{\"unit\":\"generic\",\"multiplier\":1}");
        assertThat(metadata(">U4"))
                .containsEntry("ARROW:extension:metadata", "{\"units\":4,\"byte_order\":\"big\"}")
                .containsEntry("numpy.dtype", ">U4");
        assertThat(metadata("<c32"))
                .containsEntry("ARROW:extension:metadata", "{\"type_name\":\"clongdouble\",\"vendor_name\":\"numpy\"}");
    }

    @Test
    void scansForNatUnlessToldNotTo() throws NpzException {
        assertThat(((ColumnPlan.View) plan(TypeMapping.ARROW, "<M8[ns]", NatPolicy.NULL)).scanNat())
                .isTrue();
        assertThat(((ColumnPlan.View) plan(TypeMapping.ARROW, "<M8[ps]", NatPolicy.NULL)).scanNat())
                .isTrue();
        assertThat(((ColumnPlan.View) plan(TypeMapping.ARROW, "<M8[ns]", NatPolicy.SENTINEL)).scanNat())
                .isFalse();
        assertThat(((ColumnPlan.View) plan(TypeMapping.STORAGE, "<M8[ns]", NatPolicy.NULL)).scanNat())
                .isFalse();
    }

    @Test
    void saysWhatTheLayoutOfABlockCosts() throws NpzException {
        NpyHeader block = header("<f8", StorageOrder.C, 5, 3);
        NpyHeader columns = header("<f8", StorageOrder.FORTRAN, 5, 3);
        assertThat(planColumns(block).reason()).isEqualTo("C-order block: columns are strided, transposed");
        assertThat(planColumns(columns).reason()).isNull();
        assertThat(planColumns(header(">f8", StorageOrder.C, 5, 3)).reason())
                .isEqualTo("C-order block: columns are strided, transposed; big-endian: bytes swapped");
        assertThat(planColumns(header("<f8", StorageOrder.C, 5, 1)).isView()).isTrue();
        assertThat(planRows(block).isView()).isTrue();
        assertThat(planRows(block).type()).hasToString("FixedSizeList(3)");
        assertThat(planRows(columns).reason()).isEqualTo("Fortran-order array: rows are strided, reordered");
        assertThat(planRows(header("<f8", StorageOrder.FORTRAN, 5, 1, 1)).isView())
                .isTrue();
    }

    @Test
    void callsListsTensorsWhereTheirElementsArePlain() throws NpzException {
        ColumnPlan plain = planRows(header("<i4", StorageOrder.C, 5, 2, 3));
        ColumnPlan text = planRows(header("<U4", StorageOrder.C, 5, 2, 3));
        assertThat(plain.fieldType().getMetadata())
                .containsEntry("ARROW:extension:name", "arrow.fixed_shape_tensor")
                .containsEntry("ARROW:extension:metadata", "{\"shape\":[2,3]}")
                .containsEntry("numpy.shape", "(2, 3)");
        assertThat(text.fieldType().getMetadata())
                .doesNotContainKey("ARROW:extension:name")
                .containsEntry("numpy.shape", "(2, 3)");
    }

    @Test
    void refusesRowsAndElementsThatNoVectorHolds() {
        assertThatThrownBy(() -> planRows(header("<U0", StorageOrder.C, 2, 1L << 31)))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
        assertThatThrownBy(() -> planColumns(header("<i4", StorageOrder.C, 2, 3, 4)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ColumnPlan assertPlan(TypeMapping mapping, String dtype, String type, String reason)
            throws NpzException {
        ColumnPlan plan = plan(mapping, dtype, NatPolicy.NULL);
        assertThat(plan.type()).hasToString(type);
        assertThat(plan.reason()).isEqualTo(reason.equals("view") ? null : reason);
        assertThat(plan.width()).isEqualTo(plan.dtype().itemSize());
        assertThat(plan.field("x").isNullable()).isTrue();
        assertThat(plan.fieldType().getMetadata()).containsEntry("numpy.dtype", dtype);
        return plan;
    }

    private static Map<String, String> metadata(String dtype) throws NpzException {
        return plan(TypeMapping.STORAGE, dtype, NatPolicy.NULL).fieldType().getMetadata();
    }

    private static ColumnPlan plan(TypeMapping mapping, String dtype, NatPolicy nat) throws NpzException {
        return ColumnPlanner.plan(TestArrays.LOCATION, header(dtype, StorageOrder.C, 3), mapping, nat);
    }

    private static ColumnPlan planRows(NpyHeader header) throws NpzException {
        return ColumnPlanner.plan(TestArrays.LOCATION, header, TypeMapping.ARROW, NatPolicy.NULL);
    }

    private static ColumnPlan planColumns(NpyHeader header) throws NpzException {
        return ColumnPlanner.planColumns(TestArrays.LOCATION, header, TypeMapping.ARROW, NatPolicy.NULL);
    }

    private static NpyHeader header(String dtype, StorageOrder order, long... lengths) {
        DType type = TestArrays.dtype("'" + dtype + "'");
        return TestArrays.header(type, Shape.of(lengths), order);
    }
}
