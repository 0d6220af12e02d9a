package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tables of Spark's catalog. */
@ExtendWith(SparkCheck.class)
@Tag("spark4")
class TablesTest {
    @TempDir
    Path directory;

    private SparkSession spark;

    @BeforeEach
    void needsACatalog(SparkSession session) {
        assumeFalse(SparkCheck.lacksHadoop(), "Spark's catalog needs a Hadoop that runs");
        spark = session;
    }

    @AfterEach
    void drop() {
        if (SparkCheck.lacksHadoop()) {
            // Nothing was made.
            return;
        }
        for (String table : List.of("npz_managed", "npz_ctas", "npz_saved", "npz_external")) {
            spark.sql("drop table if exists " + table);
        }
    }

    private String rows(String query) {
        return spark.sql(query).collectAsList().toString();
    }

    @Test
    void managedTablesNeedNoLocation() {
        spark.sql("create table npz_managed (x bigint, p int) using npz partitioned by (p)");
        assertThat(rows("select * from npz_managed")).isEqualTo("[]");
        assertThat(rows("select count(*) from npz_managed")).isEqualTo("[[0]]");
        spark.sql("insert into npz_managed values (1, 2), (3, 4)");
        assertThat(rows("select * from npz_managed order by x")).isEqualTo("[[1,2], [3,4]]");
        spark.sql("create table npz_ctas using npz as select x * 2 y from npz_managed");
        assertThat(rows("select sum(y) from npz_ctas")).isEqualTo("[[8]]");
        spark.table("npz_managed").write().format("npz").saveAsTable("npz_saved");
        spark.table("npz_managed").write().format("npz").mode("append").saveAsTable("npz_saved");
        assertThat(rows("select sum(x), sum(p) from npz_saved")).isEqualTo("[[8,12]]");
        spark.range(3).write().format("npz").mode("overwrite").saveAsTable("npz_saved");
        assertThat(rows("select sum(id) from npz_saved")).isEqualTo("[[3]]");
    }

    @Test
    void aTableWhoseLocationIsNotThereYetIsEmpty() {
        Path place = directory.resolve("later");
        spark.sql("create table npz_external (x bigint) using npz location '" + place.toUri() + "'");
        assertThat(rows("select * from npz_external")).isEqualTo("[]");
        spark.sql("insert into npz_external values (1)");
        assertThat(rows("select * from npz_external")).isEqualTo("[[1]]");
        // What a program names is expected to be there.
        assertThatThrownBy(() -> spark.read()
                        .format("npz")
                        .schema("x bigint")
                        .load(directory.resolve("typo").toString())
                        .count())
                .hasMessageContaining("there is no file or directory");
    }

    @Test
    void columnsThatAreAddedAreNullInOlderFiles() {
        spark.sql("create table npz_managed (x bigint) using npz");
        spark.sql("insert into npz_managed values (1)");
        spark.sql("alter table npz_managed add columns (y double, s struct<a: int>)");
        assertThat(rows("select * from npz_managed")).isEqualTo("[[1,null,null]]");
        spark.sql("insert into npz_managed values (2, 0.5, struct(7))");
        assertThat(rows("select s.a, y, x from npz_managed order by x")).isEqualTo("[[null,null,1], [7,0.5,2]]");
        assertThat(rows("select x from npz_managed where y is null")).isEqualTo("[[1]]");
    }

    @Test
    void wholePartitionsAreDeleted() throws Exception {
        spark.sql("create table npz_managed (x bigint, p int) using npz partitioned by (p)");
        spark.sql("insert into npz_managed values (1, 1), (2, 2), (3, null), (4, 4)");
        assertThatThrownBy(() -> spark.sql("delete from npz_managed where x = 1"))
                .hasMessageContaining("x = 1");
        assertThatThrownBy(() -> spark.sql("delete from npz_managed where p = 1 and x = 1"))
                .hasMessageContaining("x = 1");
        assertThat(rows("select sum(x) from npz_managed")).isEqualTo("[[10]]");
        spark.sql("delete from npz_managed where p > 1 and p < 4");
        assertThat(rows("select x from npz_managed order by x")).isEqualTo("[[1], [3], [4]]");
        spark.sql("delete from npz_managed where p is null or p = 4");
        assertThat(rows("select x from npz_managed")).isEqualTo("[[1]]");
        spark.sql("insert into npz_managed values (2, 2)");
        spark.sql("truncate table npz_managed");
        assertThat(rows("select x from npz_managed")).isEqualTo("[]");
        spark.sql("insert into npz_managed values (2, 2)");
        spark.sql("delete from npz_managed");
        assertThat(rows("select count(*) from npz_managed")).isEqualTo("[[0]]");
    }

    @Test
    void partitionsAreShownAndDropped() {
        spark.sql("create table npz_managed (x bigint, p int, q string) using npz partitioned by (p, q)");
        spark.sql("insert into npz_managed values (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'a b/c'), (4, null, 'a')");
        assertThat(rows("show partitions npz_managed"))
                .isEqualTo("[[p=1/q=a], [p=1/q=b], [p=2/q=a b%2Fc], [p=null/q=a]]");
        assertThat(rows("show partitions npz_managed partition (p = 1)")).isEqualTo("[[p=1/q=a], [p=1/q=b]]");
        spark.sql("alter table npz_managed drop partition (p = 2, q = 'a b/c')");
        spark.sql("alter table npz_managed drop if exists partition (p = 7, q = 'a')");
        assertThatThrownBy(() -> spark.sql("alter table npz_managed drop partition (p = 7, q = 'a')"))
                .hasMessageContaining("PARTITIONS_NOT_FOUND");
        assertThat(rows("select x from npz_managed order by x")).isEqualTo("[[1], [2], [4]]");
        spark.sql("truncate table npz_managed partition (p = 1, q = 'b')");
        assertThat(rows("select x from npz_managed order by x")).isEqualTo("[[1], [4]]");
        assertThatThrownBy(() -> spark.sql("alter table npz_managed add partition (p = 9, q = 'z')"))
                .hasStackTraceContaining("partitions are made by the rows");
    }

    /** Otherwise the values of the column would be gone without a word. */
    @Test
    void columnsThatAreRenamedAreNotNull() {
        spark.sql("create table npz_managed (x bigint, y double) using npz");
        spark.sql("insert into npz_managed values (1, 2)");
        spark.sql("alter table npz_managed rename column y to z");
        assertThatThrownBy(() -> spark.sql("select z from npz_managed").collect())
                .hasStackTraceContaining("META_SCHEMA")
                .hasStackTraceContaining("z double")
                .hasStackTraceContaining("y double");
    }
}
