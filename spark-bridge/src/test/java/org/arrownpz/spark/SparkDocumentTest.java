package org.arrownpz.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.arrownpz.spark.internal.SparkCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The statements of docs/spark.md do what it says, in the order in which they stand there. */
@ExtendWith(SparkCheck.class)
@Tag("spark4")
class SparkDocumentTest {
    @TempDir
    Path directory;

    /** The code of a language, with a directory of the test's in place of the document's. */
    static String code(String language, Path directory) throws Exception {
        String text = Files.readString(Path.of("..", "docs", "spark.md"));
        StringBuilder code = new StringBuilder();
        Matcher blocks =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text);
        while (blocks.find()) {
            code.append(blocks.group(1).replaceAll("(?<=['\"])/data/", Matcher.quoteReplacement(directory + "/")));
        }
        return code.toString();
    }

    @Test
    void theLifeOfATableIsTrue(SparkSession spark) throws Exception {
        assumeFalse(SparkCheck.lacksHadoop(), "Spark's catalog needs a Hadoop that runs");
        List<String> shown = new ArrayList<>();
        try {
            for (String statement :
                    code("sql", directory).replaceAll("--[^\n]*", "").split(";")) {
                if (statement.isBlank()) {
                    continue;
                }
                List<Row> rows = spark.sql(statement).collectAsList();
                if (statement.strip().toUpperCase(Locale.ROOT).startsWith("S")) {
                    shown.add(rows.toString());
                }
            }
            assertThat(shown.get(0)).contains("day=2026-11-21/", "day=2026-11-22/", ".npz");
            assertThat(shown.get(1)).isEqualTo("[[day=2026-11-22]]");
            assertThat(spark.table("readings").schema().fieldNames()).containsExactly("sensor", "value", "unit", "day");
            assertThat(spark.table("readings").count()).isZero();
            assertThat(spark.sql("select * from means order by sensor").collectAsList())
                    .hasToString("[[1,0.5], [2,0.75]]");
        } finally {
            spark.sql("drop table if exists readings");
            spark.sql("drop table if exists means");
        }
        assertThat(directory.resolve("means"))
                .as("dropping keeps external files")
                .isNotEmptyDirectory();
    }
}
