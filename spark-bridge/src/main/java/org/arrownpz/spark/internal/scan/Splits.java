package org.arrownpz.spark.internal.scan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.InputPartition;
import org.arrownpz.spark.internal.scan.NpzPartitionReader.NpzPartition;

/**
 * Cuts files into what tasks read, as Spark cuts its own: parts of at most {@code spark.sql.files.maxPartitionBytes},
 * less where there would be fewer parts than cores; small files share a task. Files that cannot be divided stay whole.
 */
final class Splits {
    /** A cut at such a row never divides a byte of a bitmap. */
    private static final long ALIGNMENT = 1024;

    private static final String OPEN_COST = "spark.sql.files.openCostInBytes";

    // Mapping a file and reading its headers take 25 microseconds, which are some 64 kB; Spark reckons with 4 MiB.
    private static final String LOCAL_OPEN_COST = "65536b";

    private final List<InputPartition> partitions = new ArrayList<>();
    private final Selection selection;
    private final long target;
    private final long openCost;
    private List<NpzPartition.Slice> current = new ArrayList<>();
    private long currentBytes;

    private Splits(Selection selection, long target, long openCost) {
        this.selection = selection;
        this.target = target;
        this.openCost = openCost;
    }

    static InputPartition[] of(Catalog catalog, Selection selection) {
        SparkSession session = SparkSession.active();
        long most = bytes(session.conf().get("spark.sql.files.maxPartitionBytes", "134217728b"));
        boolean local = catalog.files().stream().allMatch(file -> file.path().isLocal());
        long least = bytes(session.conf().get(OPEN_COST, "4194304b"));
        long openCost = local ? bytes(session.conf().get(OPEN_COST, LOCAL_OPEN_COST)) : least;
        long total = 0;
        for (Catalog.File file : catalog.files()) {
            total += selection.bytes(file) + openCost;
        }
        long perCore = total / Math.max(1, session.sparkContext().defaultParallelism());
        Splits splits = new Splits(selection, Math.min(most, Math.max(least, perCore)), openCost);
        for (Catalog.File file : catalog.files()) {
            splits.add(file);
        }
        splits.close();
        return splits.partitions.toArray(InputPartition[]::new);
    }

    private static long bytes(String text) {
        return JavaUtils.byteStringAsBytes(text);
    }

    private void add(Catalog.File file) {
        long bytes = selection.bytes(file);
        List<String> columns = selection.columns(file);
        long parts = file.divisible() ? Math.max(1, (bytes + target - 1) / target) : 1;
        // Rows of long lists may be few.
        long alignment = file.rows() / parts >= ALIGNMENT ? ALIGNMENT : 1;
        long step = (file.rows() / parts / alignment + 1) * alignment;
        if (parts == 1 || file.rows() <= step) {
            put(new NpzPartition.Slice(file.path(), columns, 0, file.rows()), bytes);
            return;
        }
        for (long from = 0; from < file.rows(); from += step) {
            long to = Math.min(file.rows(), from + step);
            put(new NpzPartition.Slice(file.path(), columns, from, to), bytes / parts);
        }
    }

    private void put(NpzPartition.Slice slice, long bytes) {
        if (!current.isEmpty() && currentBytes + bytes > target) {
            close();
        }
        current.add(slice);
        currentBytes += bytes + openCost;
    }

    private void close() {
        if (!current.isEmpty()) {
            partitions.add(new NpzPartition(new ArrayList<>(current)));
            current = new ArrayList<>();
            currentBytes = 0;
        }
    }
}
