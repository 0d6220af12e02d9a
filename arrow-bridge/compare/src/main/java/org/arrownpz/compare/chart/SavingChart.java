package org.arrownpz.compare.chart;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.compare.report.Saving;
import org.arrownpz.compare.report.Units;
import org.arrownpz.internal.memory.Faults;

/**
 * A bar chart of what packing saves, as PNG and as SVG: a panel for each table, flat above packed for each form.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class SavingChart {
    private static final int HEAD = 62;
    private static final int ABOVE = 38;
    private static final int BELOW = 40;
    private static final int PAIR = 34;
    private static final int BAR = 14;
    /** Where bars begin and end. */
    private static final int LEFT = 240;

    private static final int RIGHT = 640;
    private static final Color FLAT = new Color(0x9DC3E6);
    private static final Color PACKED = new Color(0x1F4E79);
    private static final Color GRID = new Color(0xDDDDDD);

    private SavingChart() {}

    /**
     * Draws {@code storage.png} and {@code storage.svg}.
     *
     * @param savings one or more, side by side
     * @param directory where to, made where it is missing
     * @return the files
     * @throws NpzException IO
     */
    public static List<Path> write(List<Saving> savings, Path directory) throws NpzException {
        System.setProperty("java.awt.headless", "true");
        int forms =
                savings.stream().mapToInt(saving -> saving.forms().size()).max().orElse(0);
        Picture picture = new Picture(ComparisonCharts.WIDTH * savings.size(), HEAD + ABOVE + PAIR * forms + BELOW);
        picture.text(14, 28, 20, true, 0, "Bytes of the same events, shorter is better");
        picture.text(14, 50, 13, false, 0, "Light: flat, ordered by group. Dark: packed, a row for each group.");
        for (int i = 0; i < savings.size(); i++) {
            panel(savings.get(i), picture, i * ComparisonCharts.WIDTH);
        }
        Path png = directory.resolve("storage.png");
        Path svg = directory.resolve("storage.svg");
        try {
            Files.createDirectories(directory);
            picture.writePng(png);
            picture.writeSvg(svg);
        } catch (IOException e) {
            throw Faults.translate(Location.ofFile(directory.toString()), "the chart cannot be written", e);
        }
        return List.of(png, svg);
    }

    private static void panel(Saving saving, Picture picture, int x) {
        String title = saving.data() + ", " + saving.rows() + " rows, " + saving.groups() + " groups";
        picture.text(x + ComparisonCharts.WIDTH / 2.0, HEAD + 22, 15, true, 0.5, title);
        int y = HEAD + ABOVE;
        int bottom = y + PAIR * saving.forms().size() + 4;
        Axis axis = Axis.linear(saving.forms().stream()
                .mapToDouble(form -> Math.max(saving.flatBytes(form), saving.packedBytes(form)))
                .max()
                .orElse(1));
        for (double line : axis.lines()) {
            double at = x + LEFT + (RIGHT - LEFT) * axis.position(line);
            picture.rectangle(at, y, 1, bottom - y, GRID);
            picture.text(at, bottom + 18, 12, false, 0.5, Subject.SIZE.tick(line));
        }
        for (int i = 0; i < saving.forms().size(); i++) {
            FileForm form = saving.forms().get(i);
            double top = y + PAIR * i + 3.0;
            long flat = saving.flatBytes(form);
            long packed = saving.packedBytes(form);
            picture.text(x + 10.0, top + 12, 12, true, 0, form.label() + "  " + Units.ratio(saving.ratio(form)));
            picture.text(
                    x + 10.0,
                    top + 26,
                    11,
                    false,
                    0,
                    Units.bytes((double) flat) + " to " + Units.bytes((double) packed));
            picture.rectangle(x + LEFT, top, (RIGHT - LEFT) * axis.position(flat), BAR, FLAT);
            picture.rectangle(x + LEFT, top + BAR, (RIGHT - LEFT) * axis.position(packed), BAR, PACKED);
        }
    }
}
