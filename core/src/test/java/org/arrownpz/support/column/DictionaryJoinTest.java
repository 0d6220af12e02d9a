package org.arrownpz.support.column;

import static org.arrownpz.testing.RandomVectors.field;
import static org.arrownpz.vector.internal.buffers.Slices.NOWHERE;
import static org.arrownpz.vector.internal.buffers.Slices.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.testing.AllocationFaults;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.testing.Views;
import org.arrownpz.vector.internal.buffers.Slices;
import org.arrownpz.vector.internal.buffers.VectorSlices;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches whose dictionaries change, as one column with one dictionary. */
@ExtendWith(LeakCheck.class)
class DictionaryJoinTest {
    private static final long ID = 4;

    static List<Field> types() {
        return Joins.types();
    }

    private static DictionaryEncoding encoding(long id, int width, boolean signed) {
        return new DictionaryEncoding(id, false, new ArrowType.Int(width, signed));
    }

    private static Field codes(DictionaryEncoding encoding) {
        return new Field("codes", new FieldType(true, encoding.getIndexType(), encoding), List.of());
    }

    private static FieldVector words(BufferAllocator allocator, @Nullable String... words) {
        VarCharVector vector = new VarCharVector("words", allocator);
        vector.allocateNew();
        for (int i = 0; i < words.length; i++) {
            if (words[i] != null) {
                vector.setSafe(i, RandomVectors.utf8(words[i]));
            }
        }
        vector.setValueCount(words.length);
        return vector;
    }

    /** Indices 0, 1, 2 and so on, over and over; every fifth is null, with an index that is none below it. */
    private static void fill(FieldVector vector, int rows, int entries) {
        BaseFixedWidthVector indices = (BaseFixedWidthVector) vector;
        indices.allocateNew(rows);
        for (int i = 0; i < rows; i++) {
            long index = i % 5 == 4 || entries == 0 ? 99 : i % entries;
            switch (indices.getTypeWidth()) {
                case 1 -> indices.getDataBuffer().setByte(i, (byte) index);
                case 2 -> indices.getDataBuffer().setShort(2L * i, (short) index);
                case 4 -> indices.getDataBuffer().setInt(4L * i, (int) index);
                default -> indices.getDataBuffer().setLong(8L * i, index);
            }
            BitVectorHelper.setValidityBit(indices.getValidityBuffer(), i, index == 99 ? 0 : 1);
        }
        indices.setValueCount(rows);
    }

    private static FieldVector indices(DictionaryEncoding encoding, int rows, int entries, BufferAllocator allocator) {
        FieldVector vector = codes(encoding).createVector(allocator);
        fill(vector, rows, entries);
        return vector;
    }

    private static List<@Nullable Object> decode(FieldVector indices, FieldVector dictionary) {
        List<Object> entries = RandomVectors.values(dictionary);
        List<@Nullable Object> values = new ArrayList<>();
        for (int row = 0; row < indices.getValueCount(); row++) {
            Object index = indices.getObject(row);
            if (index == null) {
                values.add(null);
            } else {
                values.add(entries.get(index instanceof Character code ? code : ((Number) index).intValue()));
            }
        }
        return values;
    }

    private static DictionaryProvider provider(FieldVector dictionary, DictionaryEncoding encoding) {
        return new MapDictionaryProvider(new Dictionary(dictionary, encoding));
    }

    /** Joins batches of 17 rows, each with its dictionary; gives the joined dictionary's values. */
    private static List<@Nullable Object> check(
            DictionaryEncoding encoding, List<FieldVector> dictionaries, BufferAllocator allocator) throws Exception {
        List<@Nullable Object> expected = new ArrayList<>();
        VectorJoin rows = new VectorJoin(codes(encoding));
        List<FieldVector> batches = new ArrayList<>();
        try (DictionaryJoin join = new DictionaryJoin(allocator, NOWHERE)) {
            for (FieldVector dictionary : dictionaries) {
                FieldVector batch = indices(encoding, 17, dictionary.getValueCount(), allocator);
                batches.add(batch);
                rows.add(batch);
                expected.addAll(decode(batch, dictionary));
                join.add(provider(dictionary, encoding));
            }
            FieldVector joined = join.join().lookup(encoding.getId()).getVector();
            try (FieldVector column = rows.join(allocator, NOWHERE, join)) {
                assertThat(decode(column, joined)).isEqualTo(expected);
            }
            return RandomVectors.values(joined);
        } finally {
            Slices.close(batches);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void joinsDictionariesOfEveryType(Field field, BufferAllocator allocator) throws Exception {
        List<FieldVector> dictionaries = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            dictionaries.add(
                    new RandomVectors(allocator, 100 + i % 3, field.isNullable()).vector(field, 4 + 5 * (i % 3)));
        }
        dictionaries.add(field.createVector(allocator));
        try {
            check(encoding(ID, 32, true), dictionaries, allocator);
        } finally {
            Slices.close(dictionaries);
        }
    }

    @ParameterizedTest
    @CsvSource({"8, true", "8, false", "16, true", "16, false", "32, true", "32, false", "64, true", "64, false"})
    void holdsEachEntryOnce(int width, boolean signed, BufferAllocator allocator) throws Exception {
        List<FieldVector> dictionaries = List.of(
                words(allocator, "a", "b", null),
                words(allocator, "b", "c"),
                words(allocator),
                words(allocator, "d", null, "a", "", "c"),
                words(allocator, "a", "b", null));
        assertThat(check(encoding(ID, width, signed), dictionaries, allocator))
                .containsExactly("a", "b", null, "c", "d", "");
        Slices.close(dictionaries);
    }

    @Test
    @DisplayName("A1, B10: entries that are views are told apart by their bytes, wherever these lie")
    void holdsEachViewOnce(BufferAllocator allocator) throws Exception {
        List<byte[]> values = Views.values();
        List<byte[]> turned = new ArrayList<>(values);
        Collections.reverse(turned);
        List<FieldVector> dictionaries = List.of(Views.of(allocator, values), Views.of(allocator, turned));
        assertThat(check(encoding(ID, 8, true), dictionaries, allocator)).hasSize(values.size());
        Slices.close(dictionaries);
    }

    @Test
    void takesADictionaryThatGrowsForAllBatches(BufferAllocator allocator) throws Exception {
        List<FieldVector> dictionaries = List.of(
                words(allocator, "a", "b"), words(allocator, "a", "b", "c"), words(allocator, "a", "b", "c", "c", "d"));
        // As it is, also where an entry stands twice.
        assertThat(check(encoding(ID, 8, true), dictionaries, allocator)).containsExactly("a", "b", "c", "c", "d");
        Slices.close(dictionaries);
    }

    @Test
    void holdsNothingOfADictionaryThatStays(BufferAllocator allocator) throws Exception {
        try (FieldVector words = words(allocator, "a", "b");
                DictionaryJoin join = new DictionaryJoin(allocator, NOWHERE)) {
            long before = allocator.getAllocatedMemory();
            join.add(provider(words, encoding(ID, 8, true)));
            join.add(provider(words, encoding(ID, 8, true)));
            assertThat(join.join().lookup(ID).getVector().getDataBuffer().memoryAddress())
                    .isEqualTo(words.getDataBuffer().memoryAddress());
            assertThat(allocator.getAllocatedMemory()).isEqualTo(before);
        }
    }

    @Test
    void joinsDictionariesWithinDictionaries(BufferAllocator allocator) throws Exception {
        DictionaryEncoding inner = encoding(1, 8, true);
        DictionaryEncoding outer = encoding(2, 16, true);
        Field item = new Field("item", new FieldType(true, inner.getIndexType(), inner), List.of());
        Field struct = field("s", new ArrowType.Struct(), item, field("n", new ArrowType.Int(32, true)));
        String[][] words = {{"a", "b", "c"}, {"c", "d"}, {"c", "d"}, {"b"}};
        List<@Nullable Object> expected = new ArrayList<>();
        VectorJoin rows = new VectorJoin(codes(outer));
        List<FieldVector> held = new ArrayList<>();
        try (DictionaryJoin join = new DictionaryJoin(allocator, NOWHERE)) {
            for (String[] entries : words) {
                FieldVector innermost = words(allocator, entries);
                FieldVector structs = new RandomVectors(allocator, entries.length, true).vector(struct, 6);
                fill(structs.getChildrenFromFields().get(0), 6, entries.length);
                FieldVector batch = indices(outer, 17, 6, allocator);
                held.addAll(List.of(innermost, structs, batch));
                rows.add(batch);
                join.add(new MapDictionaryProvider(new Dictionary(structs, outer), new Dictionary(innermost, inner)));
                expected.addAll(flat(batch, structs, innermost));
            }
            DictionaryProvider joined = join.join();
            assertThat(RandomVectors.values(joined.lookup(1).getVector())).containsExactly("a", "b", "c", "d");
            try (FieldVector column = rows.join(allocator, NOWHERE, join)) {
                assertThat(flat(
                                column,
                                joined.lookup(2).getVector(),
                                joined.lookup(1).getVector()))
                        .isEqualTo(expected);
            }
        } finally {
            Slices.close(held);
        }
    }

    private static List<@Nullable Object> flat(FieldVector indices, FieldVector structs, FieldVector words) {
        List<Object> items = decode(structs.getChildrenFromFields().get(0), words);
        List<Object> numbers =
                RandomVectors.values(structs.getChildrenFromFields().get(1));
        List<@Nullable Object> values = new ArrayList<>();
        for (Object index : RandomVectors.values(indices)) {
            int entry = index == null ? -1 : ((Number) index).intValue();
            boolean isNull = entry < 0 || structs.isNull(entry);
            values.add(isNull ? null : Arrays.asList(items.get(entry), numbers.get(entry)));
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("types")
    void joinsIndicesInEveryNesting(Field unused, BufferAllocator allocator) throws Exception {
        if (unused.getDictionary() == null) {
            return;
        }
        DictionaryEncoding encoding = encoding(ID, 16, true);
        for (Field field : Joins.nestings(codes(encoding))) {
            List<FieldVector> batches = new ArrayList<>();
            List<Object> expected = new ArrayList<>();
            VectorJoin rows = new VectorJoin(field);
            try (DictionaryJoin join = new DictionaryJoin(allocator, NOWHERE)) {
                for (int i = 0; i < 3; i++) {
                    FieldVector batch = new RandomVectors(allocator, 9 + i, true).vector(field, 20);
                    FieldVector leaf = leaf(batch);
                    fill(leaf, leaf.getValueCount(), 2);
                    batches.add(batch);
                    FieldVector words = words(allocator, "x" + i, "y" + i);
                    batches.add(words);
                    rows.add(batch);
                    join.add(provider(words, encoding));
                    // As if the dictionaries stood behind each other.
                    try (FieldVector moved = VectorJoin.of(List.of(batch), allocator, NOWHERE)) {
                        FieldVector indices = leaf(moved);
                        for (int k = 0; k < indices.getValueCount(); k++) {
                            short index = indices.getDataBuffer().getShort(2L * k);
                            indices.getDataBuffer().setShort(2L * k, index + 2 * i);
                        }
                        expected.addAll(RandomVectors.values(moved));
                    }
                }
                join.join();
                try (FieldVector column = rows.join(allocator, NOWHERE, join)) {
                    assertThat(RandomVectors.values(column)).as("%s", field).isEqualTo(expected);
                }
            } finally {
                Slices.close(batches);
            }
        }
    }

    private static FieldVector leaf(FieldVector vector) {
        FieldVector leaf = find(vector);
        if (leaf == null) {
            throw new AssertionError(vector.getField());
        }
        return leaf;
    }

    private static @Nullable FieldVector find(FieldVector vector) {
        if (vector.getField().getDictionary() != null) {
            return vector;
        }
        for (FieldVector child : vector.getChildrenFromFields()) {
            FieldVector found = find(child);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    @Test
    void refusesIndicesThatAreTooShort(BufferAllocator allocator) throws Exception {
        String[] first = new String[100];
        String[] second = new String[100];
        Arrays.setAll(first, i -> "a" + i);
        Arrays.setAll(second, i -> "b" + i);
        List<FieldVector> dictionaries = List.of(words(allocator, first), words(allocator, second));
        assertThatThrownBy(() -> check(encoding(ID, 8, true), dictionaries, allocator))
                .isInstanceOfSatisfying(
                        NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT))
                .hasMessageContaining("200 entries")
                .hasMessageContaining("8-bit indices")
                .hasMessageContaining("wider indices");
        assertThat(check(encoding(ID, 8, false), dictionaries, allocator)).hasSize(200);
        Slices.close(dictionaries);
    }

    @Test
    void refusesIndicesThatLeadOutOfTheirDictionary(BufferAllocator allocator) throws Exception {
        DictionaryEncoding encoding = encoding(ID, 8, true);
        try (FieldVector first = words(allocator, "a");
                FieldVector second = words(allocator, "b");
                FieldVector bad = indices(encoding, 10, 3, allocator);
                DictionaryJoin join = new DictionaryJoin(allocator, NOWHERE)) {
            join.add(provider(first, encoding));
            join.add(provider(second, encoding));
            join.join();
            assertThatThrownBy(() ->
                            new VectorJoin(codes(encoding)).add(bad).add(bad).join(allocator, NOWHERE, join))
                    .isInstanceOfSatisfying(
                            NpzException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE));
        }
    }

    @Test
    void leavesNothingWhenMemoryIsRefused() throws Exception {
        AllocationFaults.refuseEach(allocator -> {
            List<FieldVector> dictionaries = new ArrayList<>();
            try (DictionaryJoin join = new DictionaryJoin(allocator, NOWHERE)) {
                for (int i = 0; i < 3; i++) {
                    // Not by setSafe, which throws Arrow's own exception.
                    try (BufferAllocator other = new RootAllocator();
                            FieldVector words = words(other, "x" + i, "y")) {
                        dictionaries.addAll(VectorSlices.copy(List.of(words), allocator, 0, 2, NOWHERE));
                    }
                    join.add(provider(dictionaries.get(i), encoding(ID, 8, true)));
                }
                assertThat(join.join().lookup(ID).getVector().getValueCount()).isEqualTo(4);
            } finally {
                Slices.close(dictionaries);
            }
        });
    }

    @Test
    void namesItsTypeInTheJoinedDictionary(BufferAllocator allocator) throws Exception {
        try (FieldVector words = words(allocator, "a");
                DictionaryJoin join = new DictionaryJoin(allocator, NOWHERE)) {
            join.add(provider(words, encoding(ID, 8, true)));
            Dictionary joined = join.join().lookup(ID);
            assertThat(joined.getVector().getField().getType()).isEqualTo(TEXT);
            assertThat(joined.getEncoding()).isEqualTo(encoding(ID, 8, true));
        }
    }
}
