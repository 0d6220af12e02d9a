package org.arrownpz.cli.cell;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeNameTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''|timestamp[us]", "UTC|timestamp[us, UTC]", "Europe/Berlin|timestamp[us, UTC for Europe/Berlin]"
            })
    @DisplayName("C10: over times in UTC stands UTC")
    void tellsThatTimesAreInUtc(String zone, String name) {
        ArrowType type = new ArrowType.Timestamp(TimeUnit.MICROSECOND, zone.isEmpty() ? null : zone);
        assertThat(TypeName.of(Field.nullable("t", type))).isEqualTo(name);
    }
}
