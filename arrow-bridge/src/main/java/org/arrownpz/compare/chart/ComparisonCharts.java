package org.arrownpz.compare.chart;

import org.arrownpz.compare.report.Comparison;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;

/**
 * Bar charts of comparisons in the arrangement of StaticFrame's article: a panel for each table, a row for each mix of
 * types, a column for each shape. Three charts, each as PNG and as SVG: {@code read}, {@code write} and {@code size}.
 * Every bar carries its name and figure. Needs XChart on the class path; nothing is shown on a screen.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class ComparisonCharts {
    private static final int COLUMNS = 3;
    private static final int HEAD = 62;
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 20);
    private static final Font LINE = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

    private ComparisonCharts() {}

    /**
     * Draws the charts.
     *
     * @param comparisons one or more; nine are three rows of three
     * @param directory where to, made where it is missing
     * @return the files
     * @throws IllegalStateException when XChart is not on the class path
     * @throws NpzException IO
     */
    public static List<Path> write(List<Comparison> comparisons, Path directory) throws NpzException {
        // Read by AWT's first class; a machine without a screen draws as well.
        System.setProperty("java.awt.headless", "true");
        List<Path> files = new ArrayList<>();
        try {
            Files.createDirectories(directory);
            for (BarPanel.Subject subject : BarPanel.Subject.values()) {
                List<BarPanel> panels = new ArrayList<>();
                for (Comparison comparison : comparisons) {
                    panels.add(BarPanel.of(comparison, subject));
                }
                files.add(png(subject, panels, directory));
                files.add(svg(subject, panels, directory));
            }
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("charts need XChart: add org.knowm.xchart:xchart to the class path", e);
        } catch (IOException e) {
            throw Location.ofFile(directory.toString())
                    .fault(ErrorCode.IO, "the charts cannot be written")
                    .cause(e)
                    .exception();
        }
        return files;
    }

    private static Path png(BarPanel.Subject subject, List<BarPanel> panels, Path directory) throws IOException {
        BufferedImage image = new BufferedImage(width(panels), height(panels), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        paint(subject, panels, graphics);
        graphics.dispose();
        Path file = directory.resolve(subject.fileName() + ".png");
        try (OutputStream out = Files.newOutputStream(file)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IOException("this Java cannot write PNG");
            }
        }
        return file;
    }

    private static Path svg(BarPanel.Subject subject, List<BarPanel> panels, Path directory) throws IOException {
        SvgGraphics graphics = new SvgGraphics(width(panels), height(panels));
        paint(subject, panels, graphics);
        Path file = directory.resolve(subject.fileName() + ".svg");
        Files.writeString(file, graphics.document());
        return file;
    }

    private static int across(List<BarPanel> panels) {
        return Math.min(COLUMNS, panels.size());
    }

    private static int width(List<BarPanel> panels) {
        return across(panels) * BarPanel.WIDTH;
    }

    private static int height(List<BarPanel> panels) {
        int down = (panels.size() + COLUMNS - 1) / COLUMNS;
        return HEAD + down * panelHeight(panels);
    }

    private static int panelHeight(List<BarPanel> panels) {
        return panels.stream().mapToInt(BarPanel::height).max().orElse(0);
    }

    private static void paint(BarPanel.Subject subject, List<BarPanel> panels, Graphics2D graphics) {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width(panels), height(panels));
        graphics.setColor(Color.BLACK);
        graphics.setFont(TITLE);
        graphics.drawString(subject.title(), 14, 28);
        graphics.setFont(LINE);
        graphics.drawString(subject.explanation(), 14, 50);
        int panelHeight = panelHeight(panels);
        for (int i = 0; i < panels.size(); i++) {
            Graphics2D part = (Graphics2D) graphics.create();
            part.translate(i % COLUMNS * BarPanel.WIDTH, HEAD + i / COLUMNS * panelHeight);
            panels.get(i).paint(part, panelHeight);
            part.dispose();
        }
    }
}
