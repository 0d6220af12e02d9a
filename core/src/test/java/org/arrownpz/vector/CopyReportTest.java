package org.arrownpz.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.dtype.DType;
import org.arrownpz.vector.read.TestArrays;
import org.junit.jupiter.api.Test;

class CopyReportTest {
    private static final DType BOOL = TestArrays.dtype("'|b1'");

    @Test
    void tellsColumnsAndNotesInOrder() {
        CopyReport report = CopyReport.builder()
                .column(BOOL, field("a"), 0, 3, "packed")
                .column(BOOL, field("b"), 5, 0, null)
                .column(BOOL, field("c"), 7, 1, "split")
                .note("checked: STRUCTURE")
                .build();

        assertThat(report.columns()).extracting(CopyReport.Column::name).containsExactly("a", "b", "c");
        assertThat(report.columns().get(0).isViewed()).isFalse();
        assertThat(report.columns().get(1).isViewed()).isTrue();
        assertThat(report.viewedBytes()).isEqualTo(12);
        assertThat(report.copiedBytes()).isEqualTo(4);
        assertThat(report)
                .hasToString("3 columns: 12 bytes viewed, 4 bytes copied\n"
                        + "  a: |b1 -> Bool, COPIED 3 bytes (packed)\n"
                        + "  b: |b1 -> Bool, VIEWED 5 bytes\n"
                        + "  c: |b1 -> Bool, COPIED 1 bytes, 7 bytes viewed (split)\n"
                        + "  note: checked: STRUCTURE\n");
    }

    @Test
    void escapesNamesFromFilesInItsTextOnly() {
        CopyReport report = CopyReport.builder()
                .column(BOOL, field("a\u001b[31m"), 1, 0, null)
                .build();
        assertThat(report.columns().get(0).name()).isEqualTo("a\u001b[31m");
        assertThat(report.toString()).contains("a\\u001b[31m:").doesNotContain("\u001b");
    }

    @Test
    void doesNotChangeWhenItsBuilderGoesOn() {
        CopyReport.Builder builder = CopyReport.builder().column(BOOL, field("a"), 1, 0, null);
        CopyReport report = builder.build();
        builder.column(BOOL, field("b"), 1, 0, null).note("later");
        assertThat(report.columns()).hasSize(1);
        assertThat(report.notes()).isEmpty();
    }

    private static Field field(String name) {
        return Field.nullable(name, ArrowType.Bool.INSTANCE);
    }
}
