package org.arrownpz.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.arrownpz.compare.Contenders;
import org.arrownpz.compare.FileForm;
import org.arrownpz.compare.Rounds;
import org.arrownpz.compare.Rounds.Measurement;
import org.arrownpz.compare.Saving;
import org.arrownpz.compare.chart.Charts;
import org.arrownpz.event.Events;
import org.arrownpz.event.Packed;
import org.arrownpz.frame.Frame;
import org.arrownpz.sql.Sql;

/**
 * The savings of packing in storage: the same events flat in the order of their times, flat by group, and packed, in
 * three shapes and all forms. Sizes, times of writing, and of two queries in DuckDB: the sum of one value column, and
 * that of one group. DuckDB reads Parquet itself, and the other forms through {@link Sql}.
 *
 * <p>Arguments: where to write {@code storage.csv}, {@code storage.md}, {@code storage.svg} and {@code storage.png}; rows
 * (1000000 where missing); turns of each call (5).
 */
public final class Storage {
    private static final long BUDGET = 10_000_000_000L;
    private static final long WARM_UP = 100_000_000L;

    private final BufferAllocator allocator;
    private final Scratch scratch;
    private final Statement duckDb;
    private final int turns;
    private final List<Line> lines = new ArrayList<>();

    private Storage(BufferAllocator allocator, Scratch scratch, Statement duckDb, int turns) {
        this.allocator = allocator;
        this.scratch = scratch;
        this.duckDb = duckDb;
        this.turns = turns;
    }

    /** A line of the table; times are medians. */
    private record Line(
            EventShape shape,
            String table,
            FileForm form,
            long rows,
            long bytes,
            double write,
            double scan,
            double one) {
        String csv() {
            return String.format(
                    Locale.ROOT,
                    "%s,%s,%s,%d,%d,%.1f,%.2f,%.2f",
                    shape.title,
                    table,
                    form.label(),
                    rows,
                    bytes,
                    write / 1e6,
                    scan / 1e6,
                    one / 1e6);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        int turns = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        List<Saving> savings = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator();
                Scratch scratch = Scratch.make();
                Statement duckDb = DriverManager.getConnection("jdbc:duckdb:").createStatement()) {
            Storage storage = new Storage(allocator, scratch, duckDb, turns);
            for (EventShape shape : EventShape.values()) {
                savings.add(storage.measure(shape, rows));
            }
            storage.write(directory, savings);
        }
        Charts.writeSavings(savings, directory);
    }

    private Saving measure(EventShape shape, int rows) throws Exception {
        try (VectorSchemaRoot arriving = shape.flat(allocator, rows, true);
                Frame frame = Frame.of(arriving)) {
            measure(shape, "flat by time", frame, false);
        }
        try (VectorSchemaRoot root = shape.flat(allocator, rows, false);
                Frame flat = Frame.of(root);
                Packed packed = Events.pack(root, shape.spec())) {
            Map<FileForm, Long> before = measure(shape, "flat by group", flat, false);
            Map<FileForm, Long> after = measure(shape, "packed", packed.frame(), true);
            return new Saving(shape.title, flat.rowCount(), packed.report().groups(), null, before, after, List.of());
        }
    }

    private Map<FileForm, Long> measure(EventShape shape, String table, Frame frame, boolean packed) throws Exception {
        Map<FileForm, Long> sizes = new EnumMap<>(FileForm.class);
        double sum = Double.NaN;
        for (FileForm form : Saving.FORMS) {
            Path file = scratch.file(form);
            double write = median(() -> Contenders.write(form, frame, file));
            long bytes = Files.size(file);
            sizes.put(form, bytes);
            String value = packed ? "list_sum(" + EventShape.VALUE + ")" : EventShape.VALUE;
            String scan = "SELECT sum(" + value + ") AS s FROM '" + file + "'";
            String one = scan + " WHERE \"" + EventShape.KEY + "\" = '" + shape.key(shape.groups() / 2) + "'";
            double found = sum(form, scan);
            if (Math.abs(found - sum) > 1e-9 * Math.abs(sum)) {
                throw new IllegalStateException(form.label() + " gives " + found + ", others " + sum);
            }
            sum = found;
            lines.add(new Line(
                    shape,
                    table,
                    form,
                    frame.rowCount(),
                    bytes,
                    write,
                    median(() -> sum(form, scan)),
                    median(() -> sum(form, one))));
            System.out.println(lines.get(lines.size() - 1).csv());
            Scratch.delete(file);
        }
        return sizes;
    }

    private double median(Rounds.Call call) throws Exception {
        double[] result = new double[1];
        Rounds rounds = new Rounds(turns, BUDGET, Math.min(3, turns), WARM_UP);
        rounds.add("", call, (Measurement time) -> result[0] = time.median());
        rounds.run(text -> {});
        return result[0];
    }

    private double sum(FileForm form, String query) throws Exception {
        if (form.fileName().endsWith(".parquet")) {
            try (ResultSet rows = duckDb.executeQuery(query)) {
                rows.next();
                return rows.getDouble(1);
            }
        }
        try (Sql sql = Sql.open(allocator).allow(scratch.file("").toAbsolutePath());
                ArrowReader rows = sql.query(query)) {
            rows.loadNextBatch();
            return ((Float8Vector) rows.getVectorSchemaRoot().getVector("s")).get(0);
        }
    }

    private void write(Path directory, List<Saving> savings) throws IOException {
        StringBuilder csv = new StringBuilder("shape,table,format,rows,bytes,write_ms,column_ms,group_ms\n");
        lines.forEach(line -> csv.append(line.csv()).append('\n'));
        Files.writeString(directory.resolve("storage.csv"), csv);
        StringBuilder text = new StringBuilder();
        for (Saving saving : savings) {
            text.append("### " + saving.data() + ": " + saving.rows() + " rows, " + saving.groups() + " groups\n\n"
                    + "| Format | flat by time, MB | flat by group, MB | packed, MB | by group / packed | write, ms | one"
                    + " column, ms | one group, ms |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
            for (FileForm form : saving.forms()) {
                Line time = line(saving, "flat by time", form);
                Line flat = line(saving, "flat by group", form);
                Line packed = line(saving, "packed", form);
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %.2f | %.2f | %.2f | %.2f | %s | %s | %s |%n",
                        form.label(),
                        time.bytes / 1e6,
                        flat.bytes / 1e6,
                        packed.bytes / 1e6,
                        saving.ratio(form),
                        both(flat.write, packed.write),
                        both(flat.scan, packed.scan),
                        both(flat.one, packed.one)));
            }
            text.append('\n');
            saving.verdict().forEach(sentence -> text.append("* " + sentence + "\n"));
            text.append('\n');
        }
        Files.writeString(directory.resolve("storage.md"), text);
    }

    private static String both(double flat, double packed) {
        return String.format(Locale.ROOT, "%.1f, packed %.1f", flat / 1e6, packed / 1e6);
    }

    private Line line(Saving saving, String table, FileForm form) {
        return lines.stream()
                .filter(line -> line.shape.title.equals(saving.data()))
                .filter(line -> line.table.equals(table) && line.form == form)
                .findFirst()
                .orElseThrow();
    }
}
