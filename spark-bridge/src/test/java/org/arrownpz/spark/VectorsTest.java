package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.feature.MaxAbsScaler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.dtype.DType;
import org.arrownpz.npy.Shape;
import org.arrownpz.npy.StorageOrder;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rows of matrices as vectors of Spark ML, by the option {@code vectors}. */
@ExtendWith(SparkCheck.class)
class VectorsTest {
    @TempDir
    Path directory;

    private DataFrameReader matrices(SparkSession spark) throws Exception {
        Map<String, DType> arrays = new LinkedHashMap<>();
        for (String type : List.of("<f8", "<f4", "<f2", "<i1", "<u2", "<i4", "<i8", "<c16", "<M8[s]")) {
            arrays.put(type.substring(1).replaceAll("[^a-zA-Z0-9]", ""), RandomNumpy.dtype(type));
        }
        new RandomNumpy(7).write(directory.resolve("m.npz"), arrays, Shape.of(50, 3), StorageOrder.C);
        return spark.read().format("npz").option("path", directory.toString()).option("batchRows", 7);
    }

    @Test
    void rowsOfNumbersAreVectors(SparkSession spark) throws Exception {
        Dataset<Row> arrays = matrices(spark).load();
        Dataset<Row> vectors =
                matrices(spark).option("vectors", "f8, f4,f2,i1,u2,i4").load();
        assertThat(vectors.schema().apply("f4").dataType().typeName()).isEqualTo("vector");
        List<Row> plain = arrays.collectAsList();
        List<Row> made = vectors.collectAsList();
        assertThat(made).hasSize(50);
        for (String name : List.of("f8", "f4", "f2", "i1", "u2", "i4")) {
            int column = arrays.schema().fieldIndex(name);
            for (int row = 0; row < plain.size(); row++) {
                double[] numbers = plain.get(row).<Number>getList(column).stream()
                        .mapToDouble(Number::doubleValue)
                        .toArray();
                assertThat(made.get(row).<Vector>getAs(column).toArray())
                        .as(name)
                        .isEqualTo(numbers);
            }
        }
        // Those that are not named stay arrays.
        assertThat(made.get(3).getList(6)).isEqualTo(plain.get(3).getList(6));
    }

    @Test
    @Tag("nightly")
    void modelsAreFittedToThem(SparkSession spark) throws Exception {
        Dataset<Row> vectors = matrices(spark).option("vectors", "i4").load().select("i4");
        Row scaled = new MaxAbsScaler()
                .setInputCol("i4")
                .setOutputCol("scaled")
                .fit(vectors)
                .transform(vectors)
                .select("scaled")
                .head();
        assertThat(Vectors.norm(scaled.getAs(0), Double.POSITIVE_INFINITY)).isBetween(0.0, 1.0);
    }

    @Test
    void whatIsNoVectorIsRefused(SparkSession spark) throws Exception {
        for (String name : List.of("c16", "M8s")) {
            assertThatThrownBy(() -> matrices(spark).option("vectors", name).load())
                    .as(name)
                    .hasStackTraceContaining("the rows of a column are no vectors")
                    .hasStackTraceContaining(name);
        }
        assertThatThrownBy(() -> matrices(spark).option("vectors", "f9").load())
                .hasStackTraceContaining("the option vectors names no column of the table: f9");
        // Not every integer of 64 bits is a double.
        assertThatThrownBy(() -> matrices(spark).option("vectors", "i8").load().collect())
                .hasStackTraceContaining("is no number that a vector can hold");
    }
}
