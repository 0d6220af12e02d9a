package org.arrownpz.spark.internal.write;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.spark.internal.Log;
import org.arrownpz.spark.internal.partition.PartitionSpec;
import org.arrownpz.spark.internal.storage.NpzPath;
import org.jspecify.annotations.Nullable;

/**
 * Whether files that a write adds go together with those that stay, found out before any task starts: otherwise the next
 * reader would.
 *
 * @param headers tells the columns of a file
 * @param mayDiffer whether files may have columns that others lack
 */
public record Fit(Headers headers, boolean mayDiffer) {
    /** Listing a table is cheap, opening all of its files for each write is not. */
    private static final int MOST_FILES = 16;

    /** Tells the columns of a file. */
    public interface Headers {
        /**
         * The columns.
         *
         * @throws NpzException when the file is none
         */
        StructType of(NpzPath file) throws NpzException;
    }

    /**
     * Checks directories of all files, and columns of some.
     *
     * @throws NpzException META_SCHEMA with the first that does not fit
     */
    void check(List<NpzPath> files, PartitionSpec partitions, StructType written) throws NpzException {
        for (NpzPath file : files) {
            partitions.key(file);
        }
        int count = Math.min(files.size(), MOST_FILES);
        for (int i = 0; i < count; i++) {
            NpzPath file = files.get((int) ((long) i * (files.size() - 1) / Math.max(1, count - 1)));
            StructType columns = columns(file);
            if (columns != null) {
                check(file, columns, written);
            }
        }
    }

    private @Nullable StructType columns(NpzPath file) {
        try {
            return headers.of(file);
        } catch (NpzException e) {
            Log.LOG.warn("not compared with what is written: {}", e.getMessage());
            return null;
        }
    }

    private void check(NpzPath file, StructType columns, StructType written) throws NpzException {
        Map<String, StructField> known = new HashMap<>();
        for (StructField field : columns.fields()) {
            known.put(field.name(), field);
        }
        List<String> added = new ArrayList<>();
        for (StructField field : written.fields()) {
            StructField own = known.remove(field.name());
            if (own == null) {
                added.add(text(field));
            } else if (!own.dataType().sameType(field.dataType())) {
                throw misfit(file, text(own), text(field));
            }
        }
        if (!mayDiffer && !(added.isEmpty() && known.isEmpty())) {
            List<String> missing = known.values().stream().map(Fit::text).toList();
            throw misfit(
                    file,
                    missing.isEmpty() ? "no other column" : String.join(", ", missing),
                    added.isEmpty() ? "no such column" : String.join(", ", added));
        }
    }

    private static String text(StructField field) {
        return field.name() + " " + field.dataType().catalogString();
    }

    private static NpzException misfit(NpzPath file, String expected, String found) {
        return Location.ofFile(file.text())
                .error(ErrorCode.META_SCHEMA, "its columns are not those that would be written beside it")
                .expected(expected)
                .found(found)
                .remedy("Cast the columns, or overwrite; columns that only some files have are allowed with the option"
                        + " mergeSchema=true")
                .build();
    }
}
