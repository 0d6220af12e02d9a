package org.arrownpz.compare.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.arrownpz.SafeText;

/** A picture of rectangles, lines and lines of text, drawn for PNG and for SVG at the same time. */
final class Picture {
    private static final int MAX_TEXT = 400;

    private final BufferedImage image;
    private final Graphics2D graphics;
    private final StringBuilder svg = new StringBuilder();

    Picture(int width, int height) {
        // Read by AWT's first class; a machine without a screen draws as well.
        System.setProperty("java.awt.headless", "true");
        image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\""
                        + " viewBox=\"0 0 %1$d %2$d\" font-family=\"sans-serif\">\n",
                width,
                height));
        rectangle(0, 0, width, height, Color.WHITE);
    }

    void rectangle(double x, double y, double width, double height, Color color) {
        graphics.setColor(color);
        graphics.fill(new Rectangle2D.Double(x, y, width, height));
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#%06x\"/>\n",
                x,
                y,
                width,
                height,
                color.getRGB() & 0xFFFFFF));
    }

    /** A line through points, the first {@code count} of the arrays. */
    void line(double[] xs, double[] ys, int count, Color color) {
        if (count == 0) {
            return;
        }
        Path2D.Double path = new Path2D.Double();
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < count; i++) {
            // A single point is a short line.
            double x = count == 1 ? xs[0] + 1.5 : xs[i];
            if (i == 0) {
                path.moveTo(xs[0], ys[0]);
                points.append(String.format(Locale.ROOT, "%.1f,%.1f", xs[0], ys[0]));
            }
            if (i > 0 || count == 1) {
                path.lineTo(x, ys[i]);
                points.append(String.format(Locale.ROOT, " %.1f,%.1f", x, ys[i]));
            }
        }
        graphics.setColor(color);
        graphics.setStroke(new BasicStroke(1.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(path);
        svg.append(String.format(
                Locale.ROOT,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"#%06x\" stroke-width=\"1.5\"/>\n",
                points,
                color.getRGB() & 0xFFFFFF));
    }

    /** @param align 0 when the text begins at x, 0.5 when its middle is there, 1 when it ends there */
    void text(double x, double y, int size, boolean bold, double align, String line) {
        String text = SafeText.escape(line, MAX_TEXT);
        graphics.setColor(Color.BLACK);
        graphics.setFont(new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, size));
        graphics.drawString(text, (float) (x - align * graphics.getFontMetrics().stringWidth(text)), (float) y);
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\"%s%s>%s</text>\n",
                x,
                y,
                size,
                bold ? " font-weight=\"bold\"" : "",
                align == 0 ? "" : align == 1 ? " text-anchor=\"end\"" : " text-anchor=\"middle\"",
                text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")));
    }

    void writePng(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IOException("this Java cannot write PNG");
            }
        }
    }

    void writeSvg(Path file) throws IOException {
        Files.writeString(file, svg + "</svg>\n");
    }
}
