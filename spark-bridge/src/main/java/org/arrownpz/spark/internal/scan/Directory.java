package org.arrownpz.spark.internal.scan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.util.SerializableConfiguration;
import org.arrownpz.spark.internal.NpzOptions;
import org.arrownpz.spark.internal.storage.FileChoice;
import org.arrownpz.spark.internal.storage.Listing;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.arrownpz.spark.internal.storage.Storage;
import org.jspecify.annotations.Nullable;

/**
 * The files of a table, their search and their reading.
 *
 * @param roots the paths that the user named
 * @param configuration what file systems need to know
 * @param choice which files are meant
 * @param options how they are read
 * @param types whether columns of directories have the types of their values, or are text
 */
public record Directory(
        List<String> roots, Configuration configuration, FileChoice choice, NpzOptions options, boolean types) {
    /**
     * The content of a table's options.
     *
     * @param mayLack whether the paths need not be there
     */
    public static Directory of(
            List<String> roots, Configuration configuration, CaseInsensitiveStringMap options, boolean mayLack) {
        SparkSession session = SparkSession.active();
        boolean types = Boolean.parseBoolean(
                session.conf().get("spark.sql.sources.partitionColumnTypeInference.enabled", "true"));
        FileChoice choice = FileChoice.of(options, session.sessionState().conf().sessionLocalTimeZone(), mayLack);
        return new Directory(roots, configuration, choice, NpzOptions.of(options), types);
    }

    /** The files that are there now. */
    public List<NpzPath> files() throws IOException {
        return Listing.of(roots, configuration, choice);
    }

    /**
     * The facts that the headers of files tell.
     *
     * @param given the schema that the user or a catalog gave, or null where files tell
     */
    public Catalog read(List<NpzPath> files, @Nullable StructType given) throws IOException {
        return Catalog.read(files, configuration, options, types, given);
    }

    /** The configuration for tasks, unless all files are local: those need none, and it is large. */
    @Nullable
    Broadcast<SerializableConfiguration> remote(List<Catalog.File> files) {
        return files.stream().allMatch(file -> file.path().isLocal()) ? null : remote();
    }

    /** The configuration for tasks. */
    Broadcast<SerializableConfiguration> remote() {
        return JavaSparkContext.fromSparkContext(SparkSession.active().sparkContext())
                .broadcast(new SerializableConfiguration(configuration));
    }

    /** Whether all files are local. */
    boolean isLocal() {
        try {
            for (String root : roots) {
                if (!Storage.of(root, configuration).isLocal()) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
