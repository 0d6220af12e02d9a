package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType.ArrowTypeID;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.junit.jupiter.api.Test;

class TaxiTableTest {
    @Test
    void hasTheColumnsOfTheTrips() throws NpzException {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = TaxiTable.of(allocator, 1000)) {
            var types = root.getSchema().getFields().stream()
                    .collect(Collectors.groupingBy(field -> field.getType().getTypeID(), Collectors.counting()));
            assertThat(types)
                    .containsEntry(ArrowTypeID.Utf8, 3L)
                    .containsEntry(ArrowTypeID.Timestamp, 2L)
                    .containsEntry(ArrowTypeID.Int, 2L)
                    .containsEntry(ArrowTypeID.FloatingPoint, 11L);
            assertThat(root.getRowCount()).isEqualTo(1000);
            assertThat(root.getVector("vendor_id").getObject(0)).hasToString("VTS");
            assertThat(((Float8Vector) root.getVector("total_amount")).get(999)).isGreaterThan(2.5);
            assertThat(root.getFieldVectors()).allMatch(vector -> vector.getNullCount() == 0);
        }
    }

    @Test
    void isTheSameEveryTime() throws NpzException {
        assertThat(checksum(777)).isEqualTo(checksum(777)).isNotEqualTo(checksum(778));
    }

    private static long checksum(int rows) throws NpzException {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = TaxiTable.of(allocator, rows)) {
            Checksum checksum = new Checksum();
            checksum.take(root.getFieldVectors(), new MapDictionaryProvider());
            assertThat(checksum.rows()).isEqualTo(rows);
            return checksum.total();
        }
    }

    @Test
    void refusesNumbersOfRowsThatItHasNot() {
        try (BufferAllocator allocator = new RootAllocator()) {
            assertThatThrownBy(() -> TaxiTable.of(allocator, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> TaxiTable.of(allocator, TaxiTable.MOST_ROWS + 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void givesEverythingBackWhereMemoryDoesNotSuffice() {
        try (BufferAllocator allocator = new RootAllocator(300_000)) {
            assertThatThrownBy(() -> TaxiTable.of(allocator, 10_000))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
        }
    }
}
