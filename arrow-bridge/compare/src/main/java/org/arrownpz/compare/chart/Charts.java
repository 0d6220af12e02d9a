package org.arrownpz.compare.chart;

import static org.arrownpz.compare.chart.BarChart.DARK;
import static org.arrownpz.compare.chart.BarChart.LIGHT;

import java.awt.Color;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.compare.Comparison;
import org.arrownpz.compare.Comparison.Operation;
import org.arrownpz.compare.Comparison.Result;
import org.arrownpz.compare.Comparison.Units;
import org.arrownpz.compare.FileForm;
import org.arrownpz.compare.Rounds.Measurement;
import org.arrownpz.compare.Saving;
import org.arrownpz.compare.chart.BarChart.Bar;
import org.arrownpz.compare.chart.BarChart.Panel;
import org.arrownpz.support.Faults;

/**
 * Draws comparisons and columns, as PNG and SVG. A file comes into place in one step. Nothing is shown on a screen.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class Charts {
    /** The most steps of a line that can be told apart. */
    public static final int STEPS = 1000;

    private static final int PANELS = 3;
    /** Room for names and figures. */
    private static final int LEFT = 385;

    private static final int ROW = 26;

    private Charts() {}

    /**
     * The course of a column. Not copied, and only read.
     *
     * @param name of the column
     * @param least the least number of each step, NaN for a gap
     * @param greatest the greatest number of each step
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Line(String name, double[] least, double[] greatest) {}

    /**
     * A histogram. Not copied, and only read.
     *
     * @param name of the column
     * @param min where the first bar begins
     * @param max where the last ends
     * @param counts how many numbers lie in each of equal parts
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Bars(String name, double min, double max, long[] counts) {}

    /**
     * Draws comparisons in the arrangement of StaticFrame's article: a panel for each table, a row for each mix of types, a
     * column for each shape. Three charts, each as PNG and as SVG: {@code read}, {@code write} and {@code size}. Every bar
     * carries its name and figure.
     *
     * @param comparisons one or more; nine are three rows of three
     * @param directory where to, made where it is missing
     * @return the files
     * @throws NpzException IO
     */
    public static List<Path> writeComparisons(List<Comparison> comparisons, Path directory) throws NpzException {
        List<Path> files = new ArrayList<>();
        BarChart read = new BarChart(
                "Open and read, shorter is better",
                "Dark, first figure: open + every value. Light, second figure: open + one cell (the article's probe)."
                        + " Lazy: mapped, the other values are not read then. Logarithmic scale, medians.",
                PANELS,
                LEFT,
                ROW,
                List.of(DARK, LIGHT),
                true,
                Units::time);
        files.addAll(write("read", read, panels(comparisons, one -> times(one, Operation.TOUCH)), directory));
        List<Color> dark = List.of(DARK);
        String writing =
                "The whole table to a file in the page cache, nothing forced to the disk. Logarithmic scale, medians.";
        BarChart write = new BarChart("Write, shorter is better", writing, PANELS, LEFT, ROW, dark, true, Units::time);
        files.addAll(write("write", write, panels(comparisons, one -> times(one, Operation.WRITE)), directory));
        String sizes = "Bytes of the file, or of all files of the directory.";
        BarChart size =
                new BarChart("File size, shorter is better", sizes, PANELS, LEFT, ROW, dark, false, Units::bytes);
        files.addAll(write("size", size, panels(comparisons, Charts::sizes), directory));
        return files;
    }

    private static List<Panel> panels(List<Comparison> comparisons, Function<Comparison, List<Bar>> bars) {
        return comparisons.stream()
                .map(one -> new Panel(one.title() + ", " + one.rows() + " rows", bars.apply(one)))
                .toList();
    }

    private static List<Bar> sizes(Comparison comparison) {
        List<Bar> bars = new ArrayList<>();
        for (FileForm form : FileForm.values()) {
            Long bytes = comparison.sizes().get(form);
            if (bytes != null) {
                String label = comparison.label(form) + "  " + Units.bytes(bytes);
                bars.add(new Bar(label, null, List.of((double) bytes)));
            }
        }
        return bars;
    }

    private static List<Bar> times(Comparison comparison, Operation operation) {
        List<Bar> bars = new ArrayList<>();
        for (Result result : comparison.results()) {
            Measurement time = result.time(operation);
            if (time == null) {
                continue;
            }
            FileForm form = result.form();
            String name = form == null ? "floor: " : comparison.label(form) + ", ";
            String label = name + result.program() + "  " + Units.time(time.median());
            Measurement cell = operation == Operation.TOUCH ? result.time(Operation.CELL) : null;
            if (cell != null) {
                label += " | " + Units.time(cell.median()) + (result.isLazy() ? " lazy" : "");
            }
            // A floor has one time, which stands for both.
            bars.add(new Bar(label, null, List.of(time.median(), (cell == null ? time : cell).median())));
        }
        return bars;
    }

    /**
     * Draws what packing saves, {@code storage.png} and {@code storage.svg}: a panel for each table, flat above packed for
     * each form.
     *
     * @param savings one or more, side by side
     * @param directory where to, made where it is missing
     * @return the files
     * @throws NpzException IO
     */
    public static List<Path> writeSavings(List<Saving> savings, Path directory) throws NpzException {
        String light = "Light: flat, ordered by group. Dark: packed, a row for each group.";
        String title = "Bytes of the same events, shorter is better";
        List<Color> colors = List.of(LIGHT, DARK);
        BarChart chart = new BarChart(title, light, savings.size(), 240, 34, colors, false, Units::bytes);
        List<Panel> panels = savings.stream()
                .map(one -> new Panel(
                        one.data() + ", " + one.rows() + " rows, " + one.groups() + " groups",
                        one.forms().stream().map(form -> bar(one, form)).toList()))
                .toList();
        return write("storage", chart, panels, directory);
    }

    private static Bar bar(Saving saving, FileForm form) {
        double flat = saving.flatBytes(form);
        double packed = saving.packedBytes(form);
        String label = form.label() + "  " + Units.ratio(saving.ratio(form));
        return new Bar(label, Units.bytes(flat) + " to " + Units.bytes(packed), List.of(flat, packed));
    }

    /**
     * Draws lines over each other, into a file of PNG or SVG by its extension.
     *
     * @param rows how many rows the steps stand for
     * @throws NpzException IO
     */
    public static void writeLines(List<Line> lines, long rows, Path file) throws NpzException {
        save(SeriesPicture.of(lines, rows), file);
    }

    /**
     * Draws histograms below each other, into a file of PNG or SVG by its extension.
     *
     * @throws NpzException IO
     */
    public static void writeBars(List<Bars> histograms, Path file) throws NpzException {
        save(SeriesPicture.of(histograms), file);
    }

    private static List<Path> write(String name, BarChart chart, List<Panel> panels, Path directory)
            throws NpzException {
        List<Path> files = List.of(directory.resolve(name + ".png"), directory.resolve(name + ".svg"));
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw Faults.translate(Location.ofFile(directory.toString()), "the charts cannot be written", e);
        }
        Picture picture = chart.draw(panels);
        for (Path file : files) {
            save(picture, file);
        }
        return files;
    }

    private static void save(Picture picture, Path file) throws NpzException {
        boolean svg = file.toString().toLowerCase(Locale.ROOT).endsWith(".svg");
        Path target = file.toAbsolutePath();
        try {
            Path directory = Objects.requireNonNull(target.getParent());
            // With the permissions that new files get, which files of createTempFile do not have.
            Path fresh = directory.resolve(".arrow-npz-" + UUID.randomUUID() + ".tmp");
            try {
                if (svg) {
                    picture.writeSvg(fresh);
                } else {
                    picture.writePng(fresh);
                }
                try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw Faults.translate(Location.ofFile(file.toString()), "the chart cannot be written", e);
        }
    }
}
