package org.arrownpz.spark.internal.storage;

import java.io.IOException;
import java.time.ZoneId;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.unsafe.types.UTF8String;
import org.arrownpz.spark.internal.NpzOptions;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * The files that a user means by paths, by the options that Spark's own sources have.
 *
 * @param names what names of files match, or null
 * @param after files modified later are meant: milliseconds since 1970
 * @param before files modified earlier are meant
 * @param flat whether directories state no columns
 * @param base the directory below which directories state columns, or null for that of each path
 * @param mayLack whether paths that do not exist hold no files
 */
public record FileChoice(
        @Nullable GlobFilter names,
        long after,
        long before,
        boolean flat,
        @Nullable String base,
        boolean mayLack) {
    /** All files. */
    static final FileChoice ALL = new FileChoice(null, Long.MIN_VALUE, Long.MAX_VALUE, false, null, true);

    /**
     * The content of options.
     *
     * @param zone where times are of, unless the option {@code timeZone} says otherwise
     */
    public static FileChoice of(CaseInsensitiveStringMap options, String zone, boolean mayLack) {
        String glob = options.get("pathGlobFilter");
        ZoneId place = ZoneId.of(options.getOrDefault("timeZone", zone));
        try {
            return new FileChoice(
                    glob == null ? null : new GlobFilter(glob),
                    time(options, "modifiedAfter", place, Long.MIN_VALUE),
                    time(options, "modifiedBefore", place, Long.MAX_VALUE),
                    NpzOptions.flag(options, "recursiveFileLookup"),
                    options.get("basePath"),
                    mayLack);
        } catch (IOException e) {
            throw new IllegalArgumentException("pathGlobFilter is a pattern of names, not " + glob, e);
        }
    }

    private static long time(CaseInsensitiveStringMap options, String key, ZoneId zone, long unless) {
        String text = options.get(key);
        if (text == null) {
            return unless;
        }
        Option<Object> micros = DateTimeUtils.stringToTimestamp(UTF8String.fromString(text), zone);
        if (micros.isEmpty()) {
            throw new IllegalArgumentException(key + " is a time such as 2026-11-21T07:30:00, not " + text);
        }
        return Math.floorDiv((Long) micros.get(), 1000);
    }

    boolean accepts(Storage.Entry file) {
        return (names == null || names.accept(new Path(file.uri())))
                && file.modified() > after
                && file.modified() < before;
    }
}
