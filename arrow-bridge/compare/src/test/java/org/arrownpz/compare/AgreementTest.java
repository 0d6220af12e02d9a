package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgreementTest {
    private static final Path FILE = Path.of("x.parquet");

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void everythingIsGivenBack() {
        allocator.close();
    }

    private Agreement read(FieldVector... columns) {
        Agreement agreement = new Agreement(allocator);
        agreement.take(List.of(columns), new MapDictionaryProvider());
        return agreement;
    }

    private BigIntVector longs(long... values) {
        BigIntVector vector = new BigIntVector("close", allocator);
        vector.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            vector.set(i, values[i]);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    @Test
    void holdsWhereAllReadTheSame() throws NpzException {
        try (BigIntVector column = longs(1, 2)) {
            assertThat(read(column).check(read(column), "a reader", FILE)).isEmpty();
        }
    }

    @Test
    void isBrokenByAnotherValueAndNamesReaderFileAndColumn() {
        try (BigIntVector column = longs(1, 2);
                BigIntVector wrong = longs(1, 3)) {
            NpzException e =
                    catchThrowableOfType(NpzException.class, () -> read(column).check(read(wrong), "a reader", FILE));
            assertThat(e.code()).isEqualTo(ErrorCode.VALUE);
            assertThat(e)
                    .hasMessageContaining("a reader")
                    .hasMessageContaining("close")
                    .hasMessageContaining("x.parquet");
        }
    }

    @Test
    void isBrokenByAnotherNumberOfRows() {
        try (BigIntVector column = longs(1, 2);
                BigIntVector shorter = longs(3)) {
            NpzException e =
                    catchThrowableOfType(NpzException.class, () -> read(column).check(read(shorter), "a reader", FILE));
            assertThat(e.code()).isEqualTo(ErrorCode.VALUE);
        }
    }

    @Test
    void saysWhichColumnsCameAsTypesThatCannotBeCompared() throws NpzException {
        try (BigIntVector column = longs(1);
                Float4Vector other = new Float4Vector("close", allocator)) {
            other.allocateNew(1);
            other.set(0, 1);
            other.setValueCount(1);
            assertThat(read(column).check(read(other), "a reader", FILE))
                    .containsExactly("not compared: 1 of int64 as float SINGLE");
        }
    }
}
