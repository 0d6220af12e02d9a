package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.spark.internal.SparkCheck;
import org.arrownpz.spark.internal.column.ReadTypesTest;
import org.arrownpz.testing.AllTypes;
import org.arrownpz.testing.RandomVectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Dictionary-encoded columns show their values, whatever the type of values and indices. */
@ExtendWith(SparkCheck.class)
class DictionariesTest {
    private static final int ROWS = 200;
    private static final int WORDS = 9;

    @TempDir
    Path directory;

    private final Random random = new Random(5);

    private FieldVector indices(BufferAllocator allocator, String name, long id, ArrowType.Int type) {
        FieldType field = new FieldType(true, type, new DictionaryEncoding(id, false, type));
        FieldVector vector = new Field(name, field, List.of()).createVector(allocator);
        fill(vector, ROWS);
        return vector;
    }

    private void fill(FieldVector vector, int rows) {
        vector.setInitialCapacity(rows);
        vector.allocateNew();
        vector.setValueCount(rows);
        for (int row = 0; row < rows; row++) {
            if (random.nextInt(6) == 0) {
                vector.setNull(row);
            } else {
                ((BaseIntVector) vector).setWithPossibleTruncate(row, random.nextInt(WORDS));
            }
        }
    }

    /** Lists of indices: a dictionary below the top. */
    private ListVector lists(BufferAllocator allocator, long id) {
        ListVector lists = ListVector.empty("lists", allocator);
        ArrowType.Int type = new ArrowType.Int(32, true);
        lists.addOrGetVector(new FieldType(true, type, new DictionaryEncoding(id, false, type)));
        IntVector elements = (IntVector) lists.getDataVector();
        for (int row = 0; row < ROWS; row++) {
            lists.startNewValue(row);
            lists.endValue(row, row % 4);
        }
        lists.setValueCount(ROWS);
        fill(elements, ROWS / 4 * 6);
        return lists;
    }

    @Test
    @Tag("nightly")
    void showsValuesOfEveryTypeThroughIndicesOfEveryType(SparkSession spark) throws Exception {
        List<ArrowType.Int> types = new ArrayList<>();
        for (int bits : new int[] {8, 16, 32, 64}) {
            types.add(new ArrowType.Int(bits, true));
            types.add(new ArrowType.Int(bits, false));
        }
        Path file = directory.resolve("coded.npz");
        List<List<@Nullable Object>> expected = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            RandomVectors words = new RandomVectors(allocator, 7, true);
            RandomVectors withoutNulls = new RandomVectors(allocator, 8, false);
            MapDictionaryProvider provider = new MapDictionaryProvider();
            List<FieldVector> vectors = new ArrayList<>();
            for (Field field : AllTypes.all()) {
                if (field.getType() instanceof ArrowType.Null) {
                    continue;
                }
                int id = vectors.size();
                boolean keys = field.getType() instanceof ArrowType.Map;
                FieldVector values = (keys ? withoutNulls : words).vector(field, WORDS);
                ReadTypesTest.bringWithinReach(values);
                FieldVector indices = indices(allocator, field.getName(), id, types.get(id % types.size()));
                provider.put(new Dictionary(values, indices.getField().getDictionary()));
                vectors.add(indices);
            }
            vectors.add(lists(allocator, 0));
            try (VectorSchemaRoot root = new VectorSchemaRoot(vectors);
                    Frame frame = Frame.of(root, provider)) {
                Frames.write(frame, file, WriteOptions.defaults().withDurability(Durability.RENAME_ONLY));
                for (FieldVector vector : vectors) {
                    List<@Nullable Object> column = new ArrayList<>();
                    for (int row = 0; row < ROWS; row++) {
                        column.add(Plain.of(vector, row, provider));
                    }
                    expected.add(column);
                }
            }
            provider.close();
        }
        Dataset<Row> read = spark.read().format("npz").option("batchRows", 64).load(file.toString());
        List<Row> rows = read.collectAsList();
        for (int column = 0; column < expected.size(); column++) {
            int place = column;
            assertThat(rows.stream().map(row -> Plain.of(row.get(place))).toList())
                    .as(read.columns()[column])
                    .isEqualTo(expected.get(column));
        }
        // Keys are repeated when lists are unpacked.
        Dataset<Row> unpacked = spark.read()
                .format("npz")
                .option("unpack", true)
                .load(file.toString())
                .selectExpr("utf8", "lists");
        assertThat(Plain.rows(unpacked.collectAsList()))
                .isEqualTo(Plain.rows(
                        read.selectExpr("utf8", "explode(lists) lists").collectAsList()));
        assertThat(spark.read()
                        .format("npz")
                        .options(Map.of("mapping", "copy"))
                        .load(file.toString())
                        .collectAsList())
                .isEqualTo(rows);
    }
}
