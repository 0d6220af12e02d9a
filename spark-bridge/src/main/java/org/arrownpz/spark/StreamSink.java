package org.arrownpz.spark;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.streaming.Sink;
import org.apache.spark.sql.streaming.OutputMode;
import org.arrownpz.spark.internal.write.NpzWriteBuilder;

/**
 * The end of a stream into a path. {@code DataStreamWriter.start} gives the columns of {@code partitionBy} to sinks like this
 * one and to no table, which {@code toTable} makes with them: a path that were a table would lose its directories. Each
 * batch is appended as {@code save} appends, with a note that names it, so that it is there once however often it comes.
 */
final class StreamSink implements Sink {
    // Of StreamExecution, whose package is not the same in all versions of Spark.
    private static final String QUERY = "sql.streaming.queryId";

    private final Map<String, String> options;
    private final List<String> partitioning;

    private StreamSink(Map<String, String> options, List<String> partitioning) {
        this.options = Map.copyOf(options);
        this.partitioning = List.copyOf(partitioning);
    }

    static StreamSink of(Map<String, String> options, List<String> partitioning, OutputMode mode) {
        if (!mode.equals(OutputMode.Append())) {
            throw new IllegalArgumentException(NpzWriteBuilder.APPENDS);
        }
        return new StreamSink(options, partitioning);
    }

    /** The rows come as Spark has them; they are planned anew, for {@code packBy} brings rows of a key together. */
    @Override
    public void addBatch(long batch, Dataset<Row> rows) {
        SparkSession session = (SparkSession) rows.sparkSession();
        String query = session.sparkContext().getLocalProperty(QUERY);
        if (query == null) {
            throw new IllegalStateException("a batch of no stream");
        }
        Map<String, String> own = new HashMap<>(options);
        own.put(Saving.NOTE, "true");
        own.put(NpzWriteBuilder.BATCH, query + "-" + batch);
        DataFrameWriter<Row> writer = session.internalCreateDataFrame(
                        ((org.apache.spark.sql.classic.Dataset<Row>) rows)
                                .queryExecution()
                                .toRdd(),
                        rows.schema(),
                        false)
                .write()
                .format("npz")
                .options(own)
                .mode("append");
        if (!partitioning.isEmpty()) {
            writer = writer.partitionBy(partitioning.toArray(String[]::new));
        }
        writer.save();
    }

    @Override
    public String toString() {
        return "npz " + options.getOrDefault("path", "");
    }
}
