package org.arrownpz.compare.chart;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.compare.report.Comparison;

/**
 * Bar charts of comparisons in the arrangement of StaticFrame's article: a panel for each table, a row for each mix of
 * types, a column for each shape. Three charts, each as PNG and as SVG: {@code read}, {@code write} and {@code size}.
 * Every bar carries its name and figure. Nothing is shown on a screen.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class ComparisonCharts {
    static final int WIDTH = 660;
    private static final int COLUMNS = 3;
    private static final int HEAD = 62;
    private static final int BAR = 26;
    /** Above and below the bars of a panel. */
    private static final int ABOVE = 38;

    private static final int BELOW = 52;
    /** Where bars begin and end. */
    private static final int LEFT = 385;

    private static final int RIGHT = 635;
    private static final Color DARK = new Color(0x1F4E79);
    private static final Color LIGHT = new Color(0x9DC3E6);
    private static final Color GRID = new Color(0xDDDDDD);

    private ComparisonCharts() {}

    /**
     * Draws the charts.
     *
     * @param comparisons one or more; nine are three rows of three
     * @param directory where to, made where it is missing
     * @return the files
     * @throws NpzException IO
     */
    public static List<Path> write(List<Comparison> comparisons, Path directory) throws NpzException {
        // Read by AWT's first class; a machine without a screen draws as well.
        System.setProperty("java.awt.headless", "true");
        List<Path> files = new ArrayList<>();
        try {
            Files.createDirectories(directory);
            for (Subject subject : Subject.values()) {
                Picture picture = draw(subject, comparisons);
                Path png = directory.resolve(subject.fileName() + ".png");
                Path svg = directory.resolve(subject.fileName() + ".svg");
                picture.writePng(png);
                picture.writeSvg(svg);
                files.addAll(List.of(png, svg));
            }
        } catch (IOException e) {
            throw Location.ofFile(directory.toString())
                    .error(ErrorCode.IO, "the charts cannot be written")
                    .cause(e)
                    .build();
        }
        return files;
    }

    private static Picture draw(Subject subject, List<Comparison> comparisons) {
        List<List<Subject.Bar>> panels = comparisons.stream().map(subject::bars).toList();
        int height =
                ABOVE + BELOW + BAR * panels.stream().mapToInt(List::size).max().orElse(0);
        int down = (panels.size() + COLUMNS - 1) / COLUMNS;
        Picture picture = new Picture(WIDTH * Math.min(COLUMNS, panels.size()), HEAD + down * height);
        picture.text(14, 28, 20, true, 0, subject.title);
        picture.text(14, 50, 13, false, 0, subject.explanation);
        for (int i = 0; i < panels.size(); i++) {
            int x = i % COLUMNS * WIDTH;
            int y = HEAD + i / COLUMNS * height;
            Comparison comparison = comparisons.get(i);
            picture.text(
                    x + WIDTH / 2.0, y + 22, 15, true, 0.5, comparison.title() + ", " + comparison.rows() + " rows");
            if (!panels.get(i).isEmpty()) {
                panel(subject, panels.get(i), picture, x, y + ABOVE);
            }
        }
        return picture;
    }

    private static void panel(Subject subject, List<Subject.Bar> bars, Picture picture, int x, int y) {
        double[] values = bars.stream()
                .flatMapToDouble(bar -> DoubleStream.of(bar.value(), light(bar)))
                .sorted()
                .toArray();
        double greatest = values[values.length - 1];
        Axis axis = subject == Subject.SIZE ? Axis.linear(greatest) : Axis.logarithmic(values[0], greatest);
        int bottom = y + BAR * bars.size() + 6;
        for (double line : axis.lines()) {
            double at = x + LEFT + (RIGHT - LEFT) * axis.position(line);
            picture.rectangle(at, y, 1, bottom - y, GRID);
            picture.text(at, bottom + 18, 12, false, 0.5, subject.tick(line));
        }
        for (int i = 0; i < bars.size(); i++) {
            Subject.Bar bar = bars.get(i);
            double top = y + BAR * i + 3;
            double thick = subject == Subject.READ ? 10 : 20;
            picture.text(x + 10.0, top + 14, 12, false, 0, bar.label());
            picture.rectangle(x + LEFT, top, (RIGHT - LEFT) * axis.position(bar.value()), thick, DARK);
            if (subject == Subject.READ) {
                picture.rectangle(x + LEFT, top + thick, (RIGHT - LEFT) * axis.position(light(bar)), thick, LIGHT);
            }
        }
    }

    // A floor has one time, which stands for both.
    private static double light(Subject.Bar bar) {
        Double other = bar.other();
        return other == null ? bar.value() : other;
    }
}
