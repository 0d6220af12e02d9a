package org.arrownpz.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ColumnTypeTest {
    static List<ArrowType> types() {
        return List.of(
                ArrowType.Bool.INSTANCE,
                ArrowType.Utf8.INSTANCE,
                new ArrowType.Int(64, true),
                new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE),
                new ArrowType.Timestamp(TimeUnit.NANOSECOND, null),
                new ArrowType.Date(DateUnit.DAY),
                new ArrowType.FixedSizeBinary(12));
    }

    @ParameterizedTest
    @MethodSource("types")
    void fieldsEqualArrowsOwnAndHashAlike(ArrowType type) throws Exception {
        Map<String, String> metadata = Map.of("numpy.dtype", "<f8", "more", "ü");
        ColumnType shared = new ColumnType(type, metadata);
        FieldType plain = new FieldType(true, type, null, metadata);
        assertThat(shared).isEqualTo(plain).hasSameHashCodeAs(plain);
        for (String name : List.of("", "a", "column_9999", "\u0000", "名前", "x".repeat(1000))) {
            Field field = shared.field(name);
            Field expected = new Field(name, plain, null);
            assertThat(field).isEqualTo(expected).hasSameHashCodeAs(expected);
            assertThat(expected).isEqualTo(field);
            assertThat(field).isNotEqualTo(new Field(name + "!", plain, null));
            assertThat(Schema.fromJSON(new Schema(List.of(field)).toJson())).isEqualTo(new Schema(List.of(expected)));
        }
    }

    @Test
    void keepsWhatAnotherTypeSaysOfNullsAndDictionaries() {
        ArrowType index = new ArrowType.Int(16, true);
        FieldType plain = new FieldType(
                false, index, new DictionaryEncoding(7, true, new ArrowType.Int(16, true)), Map.of("key", "value"));
        Field field = new ColumnType(plain).field("a");
        Field expected = new Field("a", plain, null);
        assertThat(field).isEqualTo(expected).hasSameHashCodeAs(expected);
        assertThat(field.getFieldType()).isEqualTo(plain).hasSameHashCodeAs(plain);
    }

    @ParameterizedTest
    @MethodSource("types")
    void fieldsKnowTheirHashCodes(ArrowType type) {
        assertThat(new ColumnType(type, null).field("a").getClass()).isNotEqualTo(Field.class);
    }
}
