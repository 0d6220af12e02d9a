package org.arrownpz.event.internal.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.event.Unpacked;
import org.arrownpz.event.internal.KeyVectors;
import org.arrownpz.event.internal.kernel.KeyColumn;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.event.spec.PackSpec.InputOrder;
import org.arrownpz.event.spec.PackSpec.NullKeys;
import org.arrownpz.event.spec.PackSpec.PackLayout;
import org.arrownpz.event.spec.UnpackSpec;
import org.arrownpz.event.spec.UnpackSpec.KeyEncoding;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.testing.RandomVectors;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.arrownpz.vector.internal.gather.Gather;
import org.arrownpz.vector.internal.gather.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over thousands of random tables: packing what is sorted and unpacking it gives the table back. */
@ExtendWith(LeakCheck.class)
class PackIdentityTest {
    private static final int TABLES = 2_400;
    private static final List<Field> KEYS = KeyVectors.fields();
    private static final List<Field> ALL = AllTypes.all();
    private static final DictionaryProvider NO_DICTIONARIES = new DictionaryProvider.MapDictionaryProvider();

    @Test
    void unpackingGivesBackWhatWasPacked(BufferAllocator allocator) throws Exception {
        for (int seed = 0; seed < TABLES; seed++) {
            Random random = new Random(seed);
            try (VectorSchemaRoot sorted = sortedTable(random, seed, allocator)) {
                List<List<Object>> before = values(sorted);
                boolean structs = random.nextInt(4) == 0;
                PackSpec spec = PackSpec.by(PackSpec.ColumnRef.positions(range(keys(sorted))))
                        .packRest()
                        .nullKeys(NullKeys.KEEP)
                        .order(random.nextInt(3) == 0 ? InputOrder.RUNS : InputOrder.SORTED);
                spec = structs ? spec.layout(PackLayout.LIST_OF_STRUCT) : spec;
                spec = random.nextInt(4) == 0 ? spec.largeLists() : spec;
                try (Packed packed = Events.pack(sorted, spec)) {
                    assertThat(packed.report().inPlace())
                            .as("seed %d in place", seed)
                            .isTrue();
                    packed.root().getFieldVectors().forEach(PackIdentityTest::validate);
                    boolean runEnds = random.nextInt(4) == 0;
                    UnpackSpec back = UnpackSpec.by(names(sorted, keys(sorted)));
                    back = runEnds ? back.keys(KeyEncoding.RUN_END) : back;
                    try (Unpacked unpacked = Events.unpack(packed.root(), back)) {
                        assertThat(values(unpacked.root())).as("seed %d", seed).isEqualTo(before);
                        assertSameBits(sorted, unpacked.root(), runEnds ? keys(sorted) : 0, seed);
                    }
                }
            }
        }
    }

    @Test
    void sortingAgreesWithSortingRowByRow(BufferAllocator allocator) throws Exception {
        for (int seed = 0; seed < 1_200; seed++) {
            Random random = new Random(1_000_000 + seed);
            int rows = random.nextInt(8) == 0 ? random.nextInt(900) : random.nextInt(40);
            try (VectorSchemaRoot table = table(random, seed, rows, false, allocator)) {
                int keys = keys(table);
                NullKeys policy = random.nextBoolean() ? NullKeys.KEEP : NullKeys.DROP;
                PackSpec spec = PackSpec.by(PackSpec.ColumnRef.positions(range(keys)))
                        .packRest()
                        .nullKeys(policy)
                        .order(random.nextBoolean() ? InputOrder.SORTED : InputOrder.STABLE_SORT);
                List<List<List<Object>>> expected = expected(table, keys, policy, allocator);
                try (Packed packed = Events.pack(table, spec);
                        Unpacked unpacked = Events.unpack(packed.root(), UnpackSpec.lists())) {
                    packed.root().getFieldVectors().forEach(PackIdentityTest::validate);
                    assertThat(packed.root().getRowCount()).as("seed %d", seed).isEqualTo(expected.size());
                    List<List<Object>> flat = values(unpacked.root());
                    List<List<Object>> wanted = new ArrayList<>();
                    for (List<List<Object>> group : expected) {
                        for (List<Object> row : group) {
                            List<Object> labelled = new ArrayList<>(group.get(0).subList(0, keys));
                            labelled.addAll(row.subList(keys, row.size()));
                            wanted.add(labelled);
                        }
                    }
                    assertThat(transposed(flat, table.getFieldVectors().size()))
                            .as("seed %d", seed)
                            .isEqualTo(wanted);
                }
            }
        }
    }

    // Row by row with the comparator of single keys: groups of rows.
    private static List<List<List<Object>>> expected(
            VectorSchemaRoot table, int keyCount, NullKeys policy, BufferAllocator allocator) throws NpzException {
        List<List<Object>> rows =
                transposed(values(table), table.getFieldVectors().size());
        try (Scope scope = new Scope(allocator)) {
            List<KeyColumn> keys = new ArrayList<>();
            for (int i = 0; i < keyCount; i++) {
                keys.add(Keys.key(table.getVector(i), NO_DICTIONARIES, scope));
            }
            List<Integer> order = new ArrayList<>();
            for (int row = 0; row < table.getRowCount(); row++) {
                int at = row;
                if (policy == NullKeys.KEEP || keys.stream().noneMatch(key -> key.isNull(at))) {
                    order.add(row);
                }
            }
            Comparator<Integer> comparator = (left, right) -> 0;
            for (KeyColumn key : keys) {
                comparator = comparator.thenComparing((left, right) -> key.compare(left, right));
            }
            order.sort(comparator);
            List<List<List<Object>>> groups = new ArrayList<>();
            Integer before = null;
            for (Integer row : order) {
                if (before == null || comparator.compare(before, row) != 0) {
                    groups.add(new ArrayList<>());
                }
                groups.get(groups.size() - 1).add(rows.get(row));
                before = row;
            }
            return groups;
        }
    }

    private static VectorSchemaRoot sortedTable(Random random, int seed, BufferAllocator allocator) throws Exception {
        int rows = random.nextInt(20) == 0 ? random.nextInt(300) : random.nextInt(30);
        try (VectorSchemaRoot table = table(random, seed, rows, true, allocator);
                Scope scope = new Scope(allocator)) {
            KeyColumn[] keys = new KeyColumn[keys(table)];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = Keys.key(table.getVector(i), NO_DICTIONARIES, scope);
            }
            KeyRuns runs = KeyRuns.find(rows, scope, keys);
            ArrowBuf order = SortedRuns.of(KeyRuns.ofRows(rows, runs, scope), scope, keys);
            List<FieldVector> sorted = new ArrayList<>();
            for (FieldVector vector : table.getFieldVectors()) {
                sorted.add(new Gather(scope).rows(vector, order, rows, allocator));
            }
            return new VectorSchemaRoot(table.getSchema().getFields(), sorted, rows);
        }
    }

    private static VectorSchemaRoot table(Random random, int seed, int rows, boolean tame, BufferAllocator allocator) {
        int keys = 1 + random.nextInt(random.nextInt(3) == 0 ? 3 : 1);
        List<Field> fields = new ArrayList<>();
        List<FieldVector> vectors = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            Field type = KEYS.get(random.nextInt(KEYS.size()));
            Field key = new Field("k" + i, type.getFieldType(), type.getChildren());
            fields.add(key);
            vectors.add(KeyVectors.of(key, rows, tame, random, allocator));
        }
        int packed = 1 + random.nextInt(3);
        for (int i = 0; i < packed; i++) {
            Field type = i == 0 ? ALL.get(seed % ALL.size()) : ALL.get(random.nextInt(ALL.size()));
            Field value = new Field("v" + i, type.getFieldType(), type.getChildren());
            fields.add(value);
            RandomVectors values = new RandomVectors(allocator, seed * 31L + i, random.nextBoolean());
            vectors.add(
                    random.nextBoolean()
                            ? values.vector(value, rows)
                            : values.slice(value, random.nextInt(9), rows, 2));
        }
        return new VectorSchemaRoot(fields, vectors, rows);
    }

    // Random decimals exceed their precision, and Arrow Java's validation knows no maps.
    private static void validate(FieldVector vector) {
        String field = vector.getField().toString();
        if (!field.contains("Decimal") && !field.contains("Map")) {
            VectorValidation.validateFull(vector);
        }
    }

    static int keys(VectorSchemaRoot table) {
        return (int) table.getSchema().getFields().stream()
                .filter(field -> field.getName().startsWith("k"))
                .count();
    }

    private static int[] range(int count) {
        return java.util.stream.IntStream.range(0, count).toArray();
    }

    private static String[] names(VectorSchemaRoot table, int count) {
        return table.getSchema().getFields().stream()
                .limit(count)
                .map(Field::getName)
                .toArray(String[]::new);
    }

    private static List<List<Object>> values(VectorSchemaRoot root) {
        List<List<Object>> values = new ArrayList<>();
        for (FieldVector vector : root.getFieldVectors()) {
            values.add(RandomVectors.values(vector));
        }
        return values;
    }

    private static List<List<Object>> transposed(List<List<Object>> columns, int count) {
        List<List<Object>> rows = new ArrayList<>();
        for (int row = 0; row < columns.get(0).size(); row++) {
            List<Object> cells = new ArrayList<>();
            for (int column = 0; column < count; column++) {
                cells.add(columns.get(column).get(row));
            }
            rows.add(cells);
        }
        return rows;
    }

    // Packed columns lie at the very addresses at which they lay.
    private static void assertSameBits(VectorSchemaRoot before, VectorSchemaRoot after, int from, int seed) {
        for (int i = Math.max(from, keys(before)); i < before.getFieldVectors().size(); i++) {
            List<ArrowBuf> own = before.getVector(i).getFieldBuffers();
            List<ArrowBuf> back = after.getVector(i).getFieldBuffers();
            for (int b = 0; b < own.size(); b++) {
                if (own.get(b).writerIndex() > 0) {
                    assertThat(back.get(b).memoryAddress())
                            .as("seed %d column %d buffer %d", seed, i, b)
                            .isEqualTo(own.get(b).memoryAddress());
                }
            }
        }
    }
}
