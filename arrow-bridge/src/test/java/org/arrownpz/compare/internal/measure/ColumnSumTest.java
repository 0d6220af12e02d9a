package org.arrownpz.compare.internal.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeStampMilliVector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.util.TransferPair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ColumnSumTest {
    private static final MapDictionaryProvider NONE = new MapDictionaryProvider();

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void everythingIsGivenBack() {
        allocator.close();
    }

    private BigIntVector longs(Long... values) {
        BigIntVector vector = new BigIntVector("x", allocator);
        vector.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                vector.setNull(i);
            } else {
                vector.set(i, values[i]);
            }
        }
        vector.setValueCount(values.length);
        return vector;
    }

    private VarCharVector texts(String... values) {
        VarCharVector vector = new VarCharVector("x", allocator);
        vector.allocateNew();
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                vector.setNull(i);
            } else {
                vector.setSafe(i, values[i].getBytes(StandardCharsets.UTF_8));
            }
        }
        vector.setValueCount(values.length);
        return vector;
    }

    private static long sum(FieldVector vector) {
        return ColumnSum.of(vector, NONE);
    }

    @Test
    void doesNotDependOnTheOrderOfRows() {
        try (BigIntVector one = longs(1L, -5L, null, 7L);
                BigIntVector other = longs(null, 7L, 1L, -5L)) {
            assertThat(sum(one)).isEqualTo(sum(other));
        }
    }

    @Test
    void tellsNullFromZeroWhateverLiesUnderIt() {
        try (BigIntVector zero = longs(1L, 0L);
                BigIntVector nothing = longs(1L, null);
                BigIntVector other = longs(1L, null)) {
            other.getDataBuffer().setLong(8, 99);
            assertThat(sum(nothing)).isNotEqualTo(sum(zero)).isEqualTo(sum(other));
        }
    }

    @Test
    void addsUpOverBatches() {
        try (VarCharVector whole = texts("a", "", null, "déjà", "zz")) {
            long parts = 0;
            for (int[] range : new int[][] {{0, 2}, {2, 3}}) {
                TransferPair pair = whole.getTransferPair(allocator);
                pair.splitAndTransfer(range[0], range[1]);
                try (FieldVector part = (FieldVector) pair.getTo()) {
                    parts += sum(part);
                }
            }
            assertThat(parts).isEqualTo(sum(whole));
        }
    }

    @Test
    void tellsTextsOfTheSameBytesApartByTheirLengths() {
        try (VarCharVector one = texts("ab", "c");
                VarCharVector other = texts("abc", "")) {
            assertThat(sum(one)).isNotEqualTo(sum(other));
        }
    }

    @Test
    void isTheSameForLargeAndPlainText() {
        try (VarCharVector plain = texts("one", "two", "");
                LargeVarCharVector large = new LargeVarCharVector("x", allocator)) {
            large.allocateNew();
            large.setSafe(0, "one".getBytes(StandardCharsets.UTF_8));
            large.setSafe(1, "two".getBytes(StandardCharsets.UTF_8));
            large.setSafe(2, new byte[0]);
            large.setValueCount(3);
            assertThat(sum(large)).isEqualTo(sum(plain));
        }
    }

    @Test
    void isTheSameForTimesInOtherUnits() {
        try (TimeStampSecVector seconds = new TimeStampSecVector("x", allocator);
                TimeStampMilliVector milliseconds = new TimeStampMilliVector("x", allocator)) {
            seconds.allocateNew(2);
            milliseconds.allocateNew(2);
            seconds.set(0, -3);
            milliseconds.set(0, -3000);
            seconds.setNull(1);
            milliseconds.setNull(1);
            seconds.setValueCount(2);
            milliseconds.setValueCount(2);
            assertThat(sum(seconds)).isEqualTo(sum(milliseconds));
        }
    }

    @Test
    void isTheSameForDictionariesAndTheirValues() {
        try (VarCharVector values = texts("x", "yy", null, "x", "x");
                VarCharVector entries = texts("x", "yy", "unused")) {
            Dictionary dictionary = new Dictionary(entries, new DictionaryEncoding(1, false, null));
            MapDictionaryProvider provider = new MapDictionaryProvider(dictionary);
            try (FieldVector encoded = (FieldVector) DictionaryEncoder.encode(values, dictionary)) {
                assertThat(ColumnSum.of(encoded, provider)).isEqualTo(sum(values));
            }
        }
    }

    @Test
    void countsWhatIsTrue() {
        try (BitVector vector = new BitVector("x", allocator)) {
            vector.allocateNew(70);
            for (int i = 0; i < 70; i++) {
                vector.set(i, i % 3 == 0 ? 1 : 0);
            }
            vector.setValueCount(70);
            assertThat(sum(vector)).isEqualTo(24);
        }
    }

    @Test
    void addsTheElementsOfListsAndTheirLengths() {
        try (ListVector lists = ListVector.empty("x", allocator)) {
            UnionListWriter writer = lists.getWriter();
            for (int[] list : new int[][] {{1, 2}, {}, {10}}) {
                writer.startList();
                for (int value : list) {
                    writer.bigInt().writeBigInt(value);
                }
                writer.endList();
            }
            writer.setValueCount(3);
            assertThat(sum(lists)).isEqualTo(13 + 4 + 1);
        }
    }
}
