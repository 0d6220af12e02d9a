package org.arrownpz.spark.internal.scan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.arrownpz.spark.internal.partition.FileMetadata;

/** The columns that a query reads, and what they are of each file. Files of one schema share the object. */
final class Selection {
    private final Set<String> names = new HashSet<>();
    private final IdentityHashMap<StructType, Share> shares = new IdentityHashMap<>();

    /**
     * The part that is read of files of one schema.
     *
     * @param columns the columns
     * @param part their part of the bytes, going by the widths of their types
     */
    private record Share(List<String> columns, double part) {}

    Selection(StructType read) {
        for (StructField field : read.fields()) {
            if (!FileMetadata.isMarked(field)) {
                names.add(field.name().toLowerCase(Locale.ROOT));
            }
        }
    }

    private Share share(StructType schema) {
        return shares.computeIfAbsent(schema, ignored -> {
            List<String> columns = new ArrayList<>();
            long all = 0;
            long wanted = 0;
            for (StructField field : schema.fields()) {
                int width = field.dataType().defaultSize();
                all += width;
                if (names.contains(field.name().toLowerCase(Locale.ROOT))) {
                    wanted += width;
                    columns.add(field.name());
                }
            }
            return new Share(columns, all == 0 ? 0 : (double) wanted / all);
        });
    }

    /** The columns of a file that are read. */
    List<String> columns(Catalog.File file) {
        return share(file.schema()).columns();
    }

    /** The bytes of a file that are read, about. */
    long bytes(Catalog.File file) {
        return (long) (file.path().length() * share(file.schema()).part());
    }
}
