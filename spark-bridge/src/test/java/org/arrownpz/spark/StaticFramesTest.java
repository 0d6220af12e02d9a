package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.MisfitPolicy;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.spark.internal.SparkCheck;
import org.arrownpz.testing.Effort;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Frames as StaticFrame wrote them. */
@ExtendWith(SparkCheck.class)
class StaticFramesTest {
    private static DataFrameReader reader(SparkSession spark) {
        return spark.read().format("npz");
    }

    /** As StaticFrame writes several columns of a type: one row-major block. */
    @Test
    void framesInEitherOrderShowCoresValuesUnderTheirLabels(SparkSession spark) throws Exception {
        spark.conf().set("spark.sql.caseSensitive", true);
        try (var found = Files.walk(Path.of("..", "core", "src", "test", "resources", "golden", "static-frame"));
                BufferAllocator allocator = new RootAllocator()) {
            int compared = 0;
            List<Path> all = found.filter(path -> path.toString().endsWith(".npz"))
                    .sorted()
                    .toList();
            for (Path file : Effort.some(8, all)) {
                List<@Nullable Object> expected = new ArrayList<>();
                String[] names;
                try (Frame frame =
                        Frames.open(allocator, file, ReadOptions.defaults().withMisfitPolicy(MisfitPolicy.REFUSE))) {
                    names = frame.schema().getFields().stream()
                            .map(field -> field.getName())
                            .toArray(String[]::new);
                    for (int row = 0; row < frame.rowCount(); row++) {
                        List<@Nullable Object> values = new ArrayList<>();
                        for (FieldVector vector : frame.root().getFieldVectors()) {
                            values.add(Plain.of(vector, row, frame.dictionaries()));
                        }
                        expected.add(values);
                    }
                } catch (NpzException refused) {
                    // Several frames in one archive, or text that is none.
                    assertThatThrownBy(() -> reader(spark).load(file.toString()).collect())
                            .hasStackTraceContaining(file.getFileName().toString());
                    continue;
                }
                Dataset<Row> rows = reader(spark).option("batchRows", 2).load(file.toString());
                assertThat(rows.columns()).as(file.toString()).isEqualTo(names);
                assertThat(Plain.rows(rows.collectAsList())).as(file.toString()).isEqualTo(expected);
                compared++;
            }
            assertThat(compared).isGreaterThan(Effort.of(4, 20));
        } finally {
            spark.conf().unset("spark.sql.caseSensitive");
        }
    }
}
