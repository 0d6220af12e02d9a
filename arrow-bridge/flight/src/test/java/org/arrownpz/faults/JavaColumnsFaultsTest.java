package org.arrownpz.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.arrownpz.flight.internal.sql.JavaColumns;
import org.junit.jupiter.api.Test;

/** Columns for clients in Java leave nothing behind where memory for them is refused. */
class JavaColumnsFaultsTest {
    private static final int ROWS = 10;
    private static final DictionaryEncoding ENCODING =
            new DictionaryEncoding(7, false, new ArrowType.Int(Byte.SIZE, false));

    private static List<FieldVector> columns(BufferAllocator allocator) {
        ListVector lists = ListVector.empty("lists", allocator);
        UInt1Vector values = (UInt1Vector) lists.addOrGetVector(FieldType.nullable(new ArrowType.Int(8, false)))
                .getVector();
        UInt8Vector longs = new UInt8Vector("longs", allocator);
        UInt1Vector choices =
                new UInt1Vector("choices", new FieldType(true, new ArrowType.Int(8, false), ENCODING), allocator);
        for (int i = 0; i < ROWS; i++) {
            lists.startNewValue(i);
            values.setSafe(i, i);
            lists.endValue(i, 1);
            longs.setSafe(i, i);
            choices.setSafe(i, i % 2);
        }
        values.setValueCount(ROWS);
        List<FieldVector> columns = new ArrayList<>(List.of(lists, longs, choices));
        columns.forEach(column -> column.setValueCount(ROWS));
        return columns;
    }

    @Test
    void refusedMemoryIsALimitAndNothingIsLeft() throws Exception {
        long requests = Refusals.eachOrWithout(Refusals::isLimit, refusals -> {
            BufferAllocator allocator = refusals.allocator();
            try (VarCharVector texts = new VarCharVector("texts", allocator)) {
                texts.setSafe(0, new byte[] {'a'});
                texts.setSafe(1, new byte[] {'b'});
                texts.setValueCount(2);
                List<FieldVector> columns = columns(allocator);
                Schema schema = JavaColumns.schema(
                        new Schema(columns.stream().map(FieldVector::getField).toList()));
                refusals.begin();
                JavaColumns.convert(
                        columns, schema, new MapDictionaryProvider(new Dictionary(texts, ENCODING)), allocator);
                try {
                    assertThat(columns.get(2).getObject(3)).hasToString("b");
                    assertThat(columns.get(0).getObject(9)).hasToString("[9]");
                } finally {
                    columns.forEach(FieldVector::close);
                }
            }
        });
        assertThat(requests).isGreaterThan(3);
    }
}
