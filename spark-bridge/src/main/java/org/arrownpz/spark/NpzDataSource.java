package org.arrownpz.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.execution.datasources.DataSourceUtils;
import org.apache.spark.sql.execution.streaming.Sink;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.CreatableRelationProvider;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.sources.StreamSinkProvider;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The data source {@code npz} of Spark: NPZ files of NumPy, StaticFrame and this library as tables.
 *
 * <pre>{@code
 * Dataset<Row> events = spark.read().format("npz").load("/data/events");
 * events.write().format("npz").option("packBy", "trip").option("orderBy", "ts").mode("overwrite").save("/data/trips");
 * spark.read().format("npz").option("unpack", true).load("/data/trips");
 * }</pre>
 *
 * <p><b>Reading.</b> Paths are files, directories with all NPZ files below them ({@code key=value} directories become
 * columns) and globs; names that begin with {@code .} or {@code _} are no data. NPY files are read where they are named,
 * or where a directory holds nothing else. Local files are mapped, others read by ranges. Planning reads headers only;
 * unselected columns are never touched; numbers are not copied. {@code count(*)} and statistics come from headers, and
 * conditions over {@code key=value} directories choose files. {@code _metadata} tells the file of each row. As a stream,
 * each file of a directory is read once. Large files are read by several tasks, unless their
 * members are deflated or their checksums compared. Rows of a frame begin with its index levels.
 *
 * <p><b>Types.</b> Unsigned integers are the next wider signed type (64 bits: {@code decimal(20,0)}), NaT is null, times
 * are microseconds, rounded down; a union is a struct of its members, and decimals of more than 38 digits are text.
 * Intervals of months, days and nanoseconds are read, but Spark itself lets no column of them be written anywhere.
 *
 * <p>Options for reading:
 *
 * <table>
 * <caption>Options for reading</caption>
 * <tr><td>{@code mergeSchema}</td><td>{@code false}: files have the same columns. {@code true}: columns are those of
 * all files, null where a file lacks one; types agree nevertheless. Where a schema is given, as tables of a catalog have
 * one, other columns do not matter, and files may lack columns unless they have others instead</td></tr>
 * <tr><td>{@code unpack}</td><td>{@code false}: packed events are arrays. {@code true}: a row for each event, arrays in
 * step; empty and null arrays give none</td></tr>
 * <tr><td>{@code badFiles}</td><td>{@code fail}, or {@code skip}: files that cannot be read are left out from where they
 * cannot, logged and counted in the metric "files that could not be read"; also {@code ignoreCorruptFiles=true}</td></tr>
 * <tr><td>{@code ignoreMissingFiles}</td><td>{@code false}, or {@code true}: files that are gone when they are read are
 * left out likewise</td></tr>
 * <tr><td>{@code pathGlobFilter}</td><td>a pattern of file names</td></tr>
 * <tr><td>{@code modifiedAfter}, {@code modifiedBefore}</td><td>times such as {@code 2026-11-21T07:30:00}, of the session's
 * zone or that of the option {@code timeZone}</td></tr>
 * <tr><td>{@code recursiveFileLookup}</td><td>{@code false}, or {@code true}: directories state no columns</td></tr>
 * <tr><td>{@code basePath}</td><td>the directory below which directories state columns</td></tr>
 * <tr><td>{@code mapping}</td><td>{@code read_only}, or {@code copy}, for local files that others may change in place
 * </td></tr>
 * <tr><td>{@code verify}</td><td>{@code structure}, {@code crc} (the checksums of the columns read) or {@code content}
 * (their values too)</td></tr>
 * <tr><td>{@code batchRows}</td><td>65536: rows of a batch, which on an object store are a request for each column
 * </td></tr>
 * <tr><td>{@code vectors}</td><td>columns, separated by commas, of fixed-size lists of numbers: they are vectors of Spark
 * ML</td></tr>
 * <tr><td>{@code maxFilesPerTrigger}</td><td>the files of a stream's batch at most</td></tr>
 * <tr><td>{@code fs.…}</td><td>what file systems need to know, as for Spark's own sources</td></tr>
 * </table>
 *
 * <p><b>Writing.</b> All modes of Spark, and streams that append, each batch once.
 * {@code partitionBy} makes {@code key=value} directories. Overwriting replaces all files, whatever their
 * directory; with {@code partitionOverwriteMode=dynamic}, as an option or as Spark's setting, those in the directories
 * that are written; and in SQL and {@code writeTo(…).overwrite(condition)}, those of the directories that a condition
 * chooses. Conditions over other columns are refused, in
 * {@code DELETE FROM} likewise. What is added must have the columns of what stays (of up to 16 of
 * its files), unless the option {@code mergeSchema} is true or a catalog tells the columns; types and directories agree in
 * any case. A frame of no rows makes a file of none where there would be no file. What killed drivers left is removed by
 * later writes twenty minutes after their last sign of life. Options:
 *
 * <table>
 * <caption>Options for writing</caption>
 * <tr><td>{@code packBy}</td><td>columns, separated by commas: rows that agree in them become one row, the other columns
 * arrays</td></tr>
 * <tr><td>{@code orderBy}</td><td>columns that the rows of a key are sorted by, nulls last</td></tr>
 * <tr><td>{@code session}</td><td>a gap such as {@code 30 minutes} or {@code PT30M}: a key's rows also part where the
 * first column of {@code orderBy} jumps by more</td></tr>
 * <tr><td>{@code packForm}</td><td>{@code columnar}: this module sorts, on columns. {@code sorted}: Spark does</td></tr>
 * <tr><td>{@code maxBytesInMemory}</td><td>268435456, at most 1 GiB: what a task holds off the heap, about, before it
 * begins another file or, packing, sorts on disk. One key's rows are held in any case</td></tr>
 * <tr><td>{@code compression}</td><td>{@code none}, or {@code deflate}: smaller files, which cannot be mapped or read in
 * parts</td></tr>
 * <tr><td>{@code partitionOverwriteMode}</td><td>{@code static} or {@code dynamic}, see above</td></tr>
 * </table>
 *
 * <p>Options that are none of these, or of Spark itself, are refused by name. Tables of Spark's catalog take them as
 * {@code OPTIONS (…)}.
 *
 * <p><b>Errors</b> of files are {@link org.arrownpz.NpzException}s that name the file, as the cause of what Spark
 * throws. Single values that Spark cannot express (a time beyond its microseconds) are {@link ArithmeticException}s that
 * name file, column and row.
 */
public final class NpzDataSource
        implements TableProvider, CreatableRelationProvider, StreamSinkProvider, DataSourceRegister {
    private @Nullable NpzTable inferred;

    /** Made by Spark. */
    public NpzDataSource() {}

    @Override
    public String shortName() {
        return "npz";
    }

    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        try {
            Map<String, String> given = options.asCaseSensitiveMap();
            NpzTable table = NpzTable.reading(given, configuration(given));
            inferred = table;
            return table.schema();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Directories tell by themselves when they are read; what is written is partitioned by comes as a note of Spark's. */
    @Override
    public Transform[] inferPartitioning(CaseInsensitiveStringMap options) {
        String columns = options.get(DataSourceUtils.PARTITIONING_COLUMNS_KEY());
        return columns == null
                ? new Transform[0]
                : CollectionConverters.asJava(DataSourceUtils.decodePartitioningColumns(columns)).stream()
                        .map(name -> Expressions.identity('`' + name.replace("`", "``") + '`'))
                        .toArray(Transform[]::new);
    }

    @Override
    public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        NpzTable known = inferred;
        if (known != null && partitioning.length == 0 && known.isOf(schema, properties)) {
            return known;
        }
        return NpzTable.given(schema, partitioning, properties, configuration(properties));
    }

    @Override
    public BaseRelation createRelation(
            SQLContext context,
            SaveMode mode,
            scala.collection.immutable.Map<String, String> options,
            Dataset<Row> rows) {
        Map<String, String> given = CollectionConverters.asJava(options);
        return Saving.save(context, mode, given, rows, configuration(given));
    }

    @Override
    public Sink createSink(
            SQLContext context,
            scala.collection.immutable.Map<String, String> options,
            scala.collection.immutable.Seq<String> partitioning,
            OutputMode mode) {
        return StreamSink.of(CollectionConverters.asJava(options), CollectionConverters.asJava(partitioning), mode);
    }

    /** Refused, if at all, when the columns are made. */
    @Override
    public boolean supportsDataType(DataType type) {
        return true;
    }

    /** Schemas may be given: the first write into a directory has none to infer. */
    @Override
    public boolean supportsExternalMetadata() {
        return true;
    }

    /** Hadoop's configuration, and what session and options say of file systems, as for Spark's own sources. */
    private static Configuration configuration(Map<String, String> options) {
        SparkSession session = SparkSession.active();
        Configuration all = new Configuration(session.sparkContext().hadoopConfiguration());
        Map<String, String> said =
                new HashMap<>(CollectionConverters.asJava(session.conf().getAll()));
        said.putAll(options);
        said.forEach((key, value) -> {
            if (key.startsWith("fs.")) {
                all.set(key, value);
            }
        });
        return all;
    }
}
