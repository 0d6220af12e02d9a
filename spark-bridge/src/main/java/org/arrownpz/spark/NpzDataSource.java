package org.arrownpz.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;

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
 * columns) and globs. NPY files are read where they are named, or where a directory holds nothing else. Local files are mapped, others read by ranges. Planning reads headers only; unselected columns are
 * never touched; numbers are not copied. Rows of a frame begin with its index levels. Unsigned integers are the next
 * wider signed type, NaT is null, times are microseconds, rounded down; a union is a struct of its members, and decimals
 * of more than 38 digits are text.
 *
 * <p>Options: {@code mergeSchema} (false), {@code unpack} (false: packed events stay arrays), {@code badFiles}
 * ({@code fail} or {@code skip}), {@code mapping} ({@code read_only} or {@code copy}, for files that others may change
 * in place), {@code verify} ({@code structure}, {@code crc} or {@code content}), {@code batchRows}.
 *
 * <p><b>Writing.</b> Modes {@code append} and {@code overwrite}, see {@link NpzWrite}. Options: {@code packBy},
 * {@code orderBy}, {@code session}, {@code packForm} ({@code columnar} or {@code sorted}), {@code maxBytesInMemory}.
 * {@code partitionBy} makes {@code key=value} directories; overwriting replaces all files, whatever their directory.
 *
 * <p><b>Errors</b> of files are {@link org.arrownpz.NpzException}s that name the file, as the cause of what Spark
 * throws.
 */
public final class NpzDataSource implements TableProvider, DataSourceRegister {
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
            NpzTable table = NpzTable.reading(options.asCaseSensitiveMap(), configuration());
            inferred = table;
            return table.schema();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        NpzTable known = inferred;
        if (known != null && partitioning.length == 0 && known.isOf(schema, properties)) {
            return known;
        }
        return NpzTable.given(schema, partitioning, properties, configuration());
    }

    /** Schemas may be given: the first write into a directory has none to infer. */
    @Override
    public boolean supportsExternalMetadata() {
        return true;
    }

    private static Configuration configuration() {
        return new Configuration(SparkSession.active().sparkContext().hadoopConfiguration());
    }
}
