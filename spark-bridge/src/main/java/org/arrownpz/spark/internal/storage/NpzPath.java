package org.arrownpz.spark.internal.storage;

import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file to read.
 *
 * @param uri where it is
 * @param length its bytes
 * @param modified by the storage's clock: milliseconds since 1970
 * @param partition what its directories say, by column: null for Hive's default partition
 */
public record NpzPath(URI uri, long length, long modified, Map<String, @Nullable String> partition)
        implements Serializable {
    /** Whether the file can be mapped. */
    public boolean isLocal() {
        return uri.getScheme() == null || "file".equals(uri.getScheme());
    }

    /** Whether it is one array by itself, and no archive. */
    public boolean isArray() {
        return uri.getPath().endsWith(Listing.ARRAY);
    }

    /** The file as Spark's own sources name it. */
    public String address() {
        return isLocal() ? "file://" + uri.getRawPath() : uri.toString();
    }

    public Path local() {
        return Path.of(uri.getPath());
    }

    /** The file for messages, as users write it. */
    public String text() {
        return isLocal() ? uri.getPath() : uri.toString();
    }
}
