package org.arrownpz.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.errors.QueryCompilationErrors;
import org.apache.spark.sql.execution.datasources.DataSourceUtils;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.arrownpz.spark.internal.storage.Storage;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The work of {@code save(path)}. Spark knows but two of its four modes where a path is a table. Paths are none to it,
 * therefore: it asks this source to save, and this asks Spark to append or to overwrite, with a note that makes the path
 * a table.
 */
final class Saving extends BaseRelation {
    /** The note. Two lines begin what is no option of a user. */
    static final String NOTE = "__npz_save";

    private final SQLContext context;
    private final StructType schema;

    private Saving(SQLContext context, StructType schema) {
        this.context = context;
        this.schema = schema;
    }

    /** Saves rows, unless the mode says that what is there stays. */
    static BaseRelation save(
            SQLContext context,
            SaveMode mode,
            Map<String, String> options,
            Dataset<Row> rows,
            Configuration configuration) {
        SaveMode effective = mode;
        if (mode == SaveMode.ErrorIfExists || mode == SaveMode.Ignore) {
            String path = new CaseInsensitiveStringMap(options).get("path");
            if (path == null) {
                throw new IllegalArgumentException("tell where to: save(path)");
            }
            if (exists(path, configuration)) {
                if (mode == SaveMode.Ignore) {
                    return new Saving(context, rows.schema());
                }
                throw unchecked(QueryCompilationErrors.outputPathAlreadyExistsError(new Path(path)));
            }
            effective = SaveMode.Append;
        }
        Map<String, String> own = new HashMap<>(options);
        String partitioning = own.remove(DataSourceUtils.PARTITIONING_COLUMNS_KEY());
        DataFrameWriter<Row> writer = rows.write().format("npz").options(own).option(NOTE, "true");
        if (partitioning != null) {
            writer = writer.partitionBy(
                    CollectionConverters.asJava(DataSourceUtils.decodePartitioningColumns(partitioning))
                            .toArray(String[]::new));
        }
        writer.mode(effective).save();
        return new Saving(context, rows.schema());
    }

    private static boolean exists(String path, Configuration configuration) {
        try {
            Storage storage = Storage.of(path, configuration);
            return storage.exists(storage.qualified(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    // Spark's own exceptions are checked in Java's eyes, and declared nowhere.
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException unchecked(Throwable error) throws E {
        throw (E) error;
    }

    @Override
    public SQLContext sqlContext() {
        return context;
    }

    @Override
    public StructType schema() {
        return schema;
    }
}
