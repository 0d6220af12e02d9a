package org.arrownpz.compare.chart;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** An SVG picture of filled shapes. Shapes that occur again, as letters do, are stored once. */
final class SvgDocument {
    private final int width;
    private final int height;
    private final Map<String, Integer> shapes = new LinkedHashMap<>();
    private final StringBuilder body = new StringBuilder();

    SvgDocument(int width, int height) {
        this.width = width;
        this.height = height;
    }

    void fill(Shape shape, Color color) {
        if (color.getAlpha() == 0) {
            return;
        }
        for (Shape part : Contours.apart(shape)) {
            Rectangle2D bounds = part.getBounds2D();
            if (!bounds.isEmpty()) {
                use(path(part, bounds.getX(), bounds.getY()), bounds, color);
            }
        }
    }

    private void use(String path, Rectangle2D bounds, Color color) {
        Integer known = shapes.get(path);
        int id = known == null ? shapes.size() : known;
        shapes.putIfAbsent(path, id);
        body.append("<use href=\"#s").append(id).append("\" x=\"").append(number(bounds.getX()));
        body.append("\" y=\"").append(number(bounds.getY())).append('"');
        int rgb = color.getRGB() & 0xFFFFFF;
        if (rgb != 0) {
            body.append(String.format(Locale.ROOT, " fill=\"#%06x\"", rgb));
        }
        if (color.getAlpha() < 255) {
            body.append(" fill-opacity=\"")
                    .append(number(color.getAlpha() / 255.0))
                    .append('"');
        }
        body.append("/>\n");
    }

    /** The shape as if its upper left corner were the origin. */
    private static String path(Shape shape, double x, double y) {
        StringBuilder path = new StringBuilder();
        double[] at = new double[6];
        PathIterator iterator = shape.getPathIterator(null);
        String rule = iterator.getWindingRule() == PathIterator.WIND_EVEN_ODD ? "evenodd" : "";
        for (; !iterator.isDone(); iterator.next()) {
            int numbers = switch (iterator.currentSegment(at)) {
                case PathIterator.SEG_MOVETO -> start(path, 'M', 2);
                case PathIterator.SEG_LINETO -> start(path, 'L', 2);
                case PathIterator.SEG_QUADTO -> start(path, 'Q', 4);
                case PathIterator.SEG_CUBICTO -> start(path, 'C', 6);
                default -> start(path, 'Z', 0);
            };
            for (int i = 0; i < numbers; i++) {
                path.append(i == 0 ? "" : " ").append(number(at[i] - (i % 2 == 0 ? x : y)));
            }
        }
        return rule.isEmpty() ? path.toString() : path + "\" fill-rule=\"" + rule;
    }

    private static int start(StringBuilder path, char command, int numbers) {
        path.append(command);
        return numbers;
    }

    /** One digit after the point: a tenth of a pixel. */
    private static String number(double value) {
        long tenths = Math.round(value * 10);
        String whole = (tenths < 0 ? "-" : "") + Math.abs(tenths) / 10;
        return tenths % 10 == 0 ? whole : whole + '.' + Math.abs(tenths) % 10;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"").append(width);
        text.append("\" height=\"").append(height).append("\" viewBox=\"0 0 ").append(width);
        text.append(' ').append(height).append("\">\n<defs>\n");
        shapes.forEach((path, id) -> text.append("<path id=\"s")
                .append(id)
                .append("\" d=\"")
                .append(path)
                .append("\"/>\n"));
        return text.append("</defs>\n").append(body).append("</svg>\n").toString();
    }
}
