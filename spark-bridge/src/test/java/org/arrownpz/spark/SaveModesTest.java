package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The modes of {@code save(path)} that look whether anything is there. */
@ExtendWith(SparkCheck.class)
class SaveModesTest {
    @TempDir
    Path directory;

    private static long count(SparkSession spark, Path place) {
        return spark.read().format("npz").load(place.toString()).count();
    }

    @Test
    void nothingIsAddedToWhatIsThere(SparkSession spark) {
        Path place = directory.resolve("t");
        // As save() does it by default.
        spark.range(3).write().format("npz").save(place.toString());
        assertThat(count(spark, place)).isEqualTo(3);
        assertThatThrownBy(() -> spark.range(4).write().format("npz").save(place.toString()))
                .hasMessageContaining("PATH_ALREADY_EXISTS");
        assertThatThrownBy(() -> spark.range(4)
                        .write()
                        .format("npz")
                        .mode(SaveMode.ErrorIfExists)
                        .save(place.toString()))
                .hasMessageContaining(place.toString());
        spark.range(4).write().format("npz").mode(SaveMode.Ignore).save(place.toString());
        assertThat(count(spark, place)).isEqualTo(3);
    }

    @Test
    void directoriesAndOptionsComeAlong(SparkSession spark) throws Exception {
        Path place = directory.resolve("t");
        spark.range(8)
                .selectExpr("id", "id % 2 k", "id % 4 p")
                .write()
                .format("npz")
                .partitionBy("p")
                .option("packBy", "k")
                .mode(SaveMode.Ignore)
                .save(place.toString());
        assertThat(place.resolve("p=3")).isDirectory();
        assertThat(spark.read()
                        .format("npz")
                        .load(place.toString())
                        .selectExpr("sum(size(id))")
                        .head()
                        .getLong(0))
                .isEqualTo(8);
        try (var all = Files.walk(place)) {
            assertThat(all.filter(Files::isDirectory)
                            .map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("t", "p=0", "p=1", "p=2", "p=3");
        }
    }

    @Test
    void misspeltOptionsAreRefusedHereToo(SparkSession spark) {
        Path place = directory.resolve("t");
        assertThatThrownBy(() -> spark.range(3)
                        .write()
                        .format("npz")
                        .option("packby_", "x")
                        .save(place.toString()))
                .hasStackTraceContaining("there is no option packby_");
        assertThat(place).doesNotExist();
    }
}
