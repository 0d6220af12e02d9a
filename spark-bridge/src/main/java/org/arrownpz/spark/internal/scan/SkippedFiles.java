package org.arrownpz.spark.internal.scan;

import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** The number of files that {@code badFiles=skip} left out, in Spark's user interface. Public for Spark alone. */
public final class SkippedFiles extends CustomSumMetric {
    private static final String NAME = "skippedFiles";

    /** Made by Spark. */
    public SkippedFiles() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "files that could not be read";
    }

    static CustomTaskMetric of(long count) {
        return new CustomTaskMetric() {
            @Override
            public String name() {
                return NAME;
            }

            @Override
            public long value() {
                return count;
            }
        };
    }
}
