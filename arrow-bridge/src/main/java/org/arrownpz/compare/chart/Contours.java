package org.arrownpz.compare.chart;

import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Takes the outline of a line of text apart into letters: contours that lie above one another belong together. */
public final class Contours {
    private Contours() {}

    /** The parts of a shape that share no column of the picture; filled one by one, they give the same picture. */
    public static List<Shape> apart(Shape shape) {
        List<Path2D> contours = contours(shape);
        contours.sort((one, other) ->
                Double.compare(one.getBounds2D().getMinX(), other.getBounds2D().getMinX()));
        List<Shape> parts = new ArrayList<>();
        Path2D part = null;
        double right = 0;
        for (Path2D contour : contours) {
            Rectangle2D bounds = contour.getBounds2D();
            if (part == null || bounds.getMinX() >= right) {
                part = contour;
                parts.add(part);
                right = bounds.getMaxX();
            } else {
                part.append(contour, false);
                right = Math.max(right, bounds.getMaxX());
            }
        }
        return parts;
    }

    private static List<Path2D> contours(Shape shape) {
        List<Path2D> contours = new ArrayList<>();
        PathIterator iterator = shape.getPathIterator(null);
        double[] at = new double[6];
        Path2D contour = new Path2D.Double(iterator.getWindingRule());
        for (; !iterator.isDone(); iterator.next()) {
            switch (iterator.currentSegment(at)) {
                case PathIterator.SEG_MOVETO -> {
                    contour = new Path2D.Double(iterator.getWindingRule());
                    contours.add(contour);
                    contour.moveTo(at[0], at[1]);
                }
                case PathIterator.SEG_LINETO -> contour.lineTo(at[0], at[1]);
                case PathIterator.SEG_QUADTO -> contour.quadTo(at[0], at[1], at[2], at[3]);
                case PathIterator.SEG_CUBICTO -> contour.curveTo(at[0], at[1], at[2], at[3], at[4], at[5]);
                default -> contour.closePath();
            }
        }
        return contours;
    }
}
