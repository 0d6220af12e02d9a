package org.arrownpz.spark.internal;

import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Mapping;
import org.arrownpz.ReadOptions.MisfitPolicy;
import org.arrownpz.ReadOptions.Verify;
import org.jspecify.annotations.Nullable;

/**
 * The options of a read or write, as the user gave them.
 *
 * @param mergeSchema whether files may differ in their columns
 * @param unpack whether list columns are exploded, in step
 * @param skipBadFiles whether files that cannot be read are left out and logged
 * @param skipMissingFiles whether files that are gone are
 * @param copy whether local files are read instead of mapped
 * @param verify how thoroughly files are checked
 * @param batchRows rows of a batch
 * @param vectors the columns that are vectors of Spark ML
 * @param packBy the keys to pack by; empty to write rows as they are
 * @param orderBy the order of the rows of one key
 * @param session groups also break where the first {@code orderBy} column jumps by more than this
 * @param sorted whether Spark sorts the rows to be packed, instead of this module
 * @param maxBytesInMemory what a writing task holds, about, before it starts another file or sorts on disk
 * @param deflate whether written members are deflated
 * @param maxFilesPerTrigger the files of a stream's batch at most, or 0 for all
 */
public record NpzOptions(
        boolean mergeSchema,
        boolean unpack,
        boolean skipBadFiles,
        boolean skipMissingFiles,
        boolean copy,
        Verify verify,
        int batchRows,
        List<String> vectors,
        List<String> packBy,
        List<String> orderBy,
        @Nullable Duration session,
        boolean sorted,
        long maxBytesInMemory,
        boolean deflate,
        int maxFilesPerTrigger)
        implements Serializable {
    /** Spark's name of the option for what overwriting replaces. */
    public static final String OVERWRITE_MODE = "partitionOverwriteMode";

    private static final int BATCH_ROWS = 64 << 10;
    private static final long MAX_BYTES = 256L << 20;
    /** Text of a column and elements of lists end at 2 GiB, and vectors double when they grow. */
    private static final long MOST_BYTES = 1L << 30;

    /** The names of all options, those of files among them. */
    private static final List<String> KNOWN =
            List.of(("mergeSchema unpack badFiles ignoreCorruptFiles ignoreMissingFiles"
                            + " pathGlobFilter modifiedAfter modifiedBefore timeZone recursiveFileLookup basePath mapping verify"
                            + " batchRows vectors packBy orderBy session packForm maxBytesInMemory compression "
                            + OVERWRITE_MODE
                            + " maxFilesPerTrigger checkpointLocation queryName path paths")
                    .split(" "));

    /**
     * Refuses what is no option: a misspelt one would change nothing in silence.
     *
     * @throws IllegalArgumentException with the names of all options
     */
    public static void requireKnown(Set<String> names) {
        for (String name : names) {
            // Spark's own notes begin with two lines; what file systems need to know has names of its own.
            boolean known = name.startsWith("__")
                    || name.startsWith("fs.")
                    || KNOWN.stream().anyMatch(name::equalsIgnoreCase);
            require(known, "there is no option " + name + "; there are " + String.join(", ", KNOWN) + " and fs.…");
        }
    }

    public static NpzOptions of(Map<String, String> given) {
        CaseInsensitiveStringMap options = new CaseInsensitiveStringMap(given);
        List<String> packBy = names(options.get("packBy"));
        List<String> orderBy = names(options.get("orderBy"));
        Duration session = gap(options.get("session"));
        require(packBy.isEmpty() ? orderBy.isEmpty() && session == null : true, "orderBy and session need packBy");
        require(session == null || !orderBy.isEmpty(), "session needs orderBy: its first column tells the time");
        long batchRows = number(options, "batchRows", BATCH_ROWS);
        require(batchRows > 0, "batchRows is at least 1");
        long maxBytes = number(options, "maxBytesInMemory", MAX_BYTES);
        require(maxBytes > 0, "maxBytesInMemory is at least 1");
        long maxFiles = number(options, "maxFilesPerTrigger", 0);
        require(maxFiles > 0 || options.get("maxFilesPerTrigger") == null, "maxFilesPerTrigger is at least 1");
        return new NpzOptions(
                flag(options, "mergeSchema"),
                flag(options, "unpack"),
                choice(options, "badFiles", "fail", "skip") || flag(options, "ignoreCorruptFiles"),
                flag(options, "ignoreMissingFiles"),
                choice(options, "mapping", "read_only", "copy"),
                verify(options.getOrDefault("verify", "structure")),
                (int) Math.min(batchRows, Integer.MAX_VALUE),
                names(options.get("vectors")),
                packBy,
                orderBy,
                session,
                choice(options, "packForm", "columnar", "sorted"),
                Math.min(maxBytes, MOST_BYTES),
                !options.getOrDefault("compression", "none").equalsIgnoreCase("uncompressed")
                        && choice(options, "compression", "none", "deflate"),
                (int) Math.min(maxFiles, Integer.MAX_VALUE));
    }

    /** Whether overwriting replaces no more than the directories that are written. */
    public static boolean isDynamic(CaseInsensitiveStringMap options, String usual) {
        String mode = options.getOrDefault(OVERWRITE_MODE, usual);
        boolean dynamic = mode.equalsIgnoreCase("dynamic");
        require(dynamic || mode.equalsIgnoreCase("static"), OVERWRITE_MODE + " is static or dynamic, not " + mode);
        return dynamic;
    }

    /** Options of core. Dates that do not fit a day number are errors, so that all batches have one type. */
    public ReadOptions reading() {
        return ReadOptions.defaults()
                .withMapping(copy ? Mapping.COPY : Mapping.READ_ONLY)
                .withMisfitPolicy(MisfitPolicy.REFUSE)
                .withVerify(verify);
    }

    /** An option that is true or false, which it is unless given. */
    public static boolean flag(CaseInsensitiveStringMap options, String key) {
        String value = options.getOrDefault(key, "false").toLowerCase(Locale.ROOT);
        require(value.equals("true") || value.equals("false"), key + " is true or false, not " + value);
        return value.equals("true");
    }

    private static long number(CaseInsensitiveStringMap options, String key, long usual) {
        String value = options.getOrDefault(key, Long.toString(usual)).strip();
        require(value.matches("[-+]?[0-9]{1,18}"), key + " is a number, not " + value);
        return Long.parseLong(value);
    }

    private static Verify verify(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "structure" -> Verify.STRUCTURE;
            case "crc" -> Verify.CRC;
            case "content" -> Verify.CONTENT;
            default -> throw new IllegalArgumentException("verify is structure, crc or content, not " + text);
        };
    }

    private static boolean choice(CaseInsensitiveStringMap options, String key, String usual, String other) {
        String value = options.getOrDefault(key, usual).toLowerCase(Locale.ROOT);
        require(value.equals(usual) || value.equals(other), key + " is " + usual + " or " + other + ", not " + value);
        return value.equals(other);
    }

    private static List<String> names(@Nullable String list) {
        if (list == null || list.isBlank()) {
            return List.of();
        }
        return Arrays.stream(list.split(",", -1)).map(String::strip).toList();
    }

    // "90s", "30 minutes", "PT30M".
    private static @Nullable Duration gap(@Nullable String text) {
        if (text == null) {
            return null;
        }
        if (text.startsWith("P")) {
            return Duration.parse(text);
        }
        String[] parts = text.strip().split("(?<=[0-9])\\s*(?=[a-zA-Z])", 2);
        require(
                parts.length == 2 && parts[0].matches("[0-9]{1,15}"),
                "session is a gap such as 30 minutes, not " + text);
        long count = Long.parseLong(parts[0]);
        return switch (parts[1].toLowerCase(Locale.ROOT)) {
            case "ns" -> Duration.ofNanos(count);
            case "us" -> Duration.ofNanos(Math.multiplyExact(count, 1000L));
            case "ms" -> Duration.ofMillis(count);
            case "s", "second", "seconds" -> Duration.ofSeconds(count);
            case "m", "min", "minute", "minutes" -> Duration.ofMinutes(count);
            case "h", "hour", "hours" -> Duration.ofHours(count);
            case "d", "day", "days" -> Duration.ofDays(count);
            default -> throw new IllegalArgumentException("session is a gap such as 30 minutes, not " + text);
        };
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
