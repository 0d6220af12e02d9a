package org.arrownpz.compare.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Composite;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.GraphicsConfiguration;
import java.awt.Paint;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import org.jspecify.annotations.Nullable;

/**
 * Draws into an SVG document. All that charts draw becomes filled shapes, text too, so that the picture is the same
 * everywhere; pictures within pictures are not supported. Clips are ignored: charts stay within their areas.
 */
final class SvgGraphics extends ShapeGraphics {
    private final SvgDocument document;
    private final Graphics2D measure;
    private AffineTransform transform = new AffineTransform();
    private Color color = Color.BLACK;
    private Color background = Color.WHITE;
    private Stroke stroke = new BasicStroke(1);
    private Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private @Nullable Shape clip;

    SvgGraphics(int width, int height) {
        this(new SvgDocument(width, height), new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics());
    }

    private SvgGraphics(SvgDocument document, Graphics2D measure) {
        this.document = document;
        this.measure = measure;
        measure.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    }

    /** The document with all that was drawn. */
    String document() {
        return document.toString();
    }

    @Override
    public Graphics create() {
        SvgGraphics copy = new SvgGraphics(document, measure);
        copy.transform = new AffineTransform(transform);
        copy.color = color;
        copy.background = background;
        copy.stroke = stroke;
        copy.font = font;
        copy.clip = clip;
        return copy;
    }

    @Override
    public void fill(Shape shape) {
        document.fill(transform.createTransformedShape(shape), color);
    }

    @Override
    public void draw(Shape shape) {
        fill(stroke.createStrokedShape(shape));
    }

    @Override
    public void drawGlyphVector(GlyphVector glyphs, float x, float y) {
        fill(glyphs.getOutline(x, y));
    }

    @Override
    public void drawString(String text, float x, float y) {
        drawGlyphVector(font.createGlyphVector(getFontRenderContext(), text), x, y);
    }

    @Override
    public void clearRect(int x, int y, int width, int height) {
        Color before = color;
        color = background;
        fillRect(x, y, width, height);
        color = before;
    }

    @Override
    public void translate(int x, int y) {
        transform.translate(x, y);
    }

    @Override
    public void translate(double x, double y) {
        transform.translate(x, y);
    }

    @Override
    public void rotate(double angle) {
        transform.rotate(angle);
    }

    @Override
    public void rotate(double angle, double x, double y) {
        transform.rotate(angle, x, y);
    }

    @Override
    public void scale(double x, double y) {
        transform.scale(x, y);
    }

    @Override
    public void shear(double x, double y) {
        transform.shear(x, y);
    }

    @Override
    public void transform(AffineTransform change) {
        transform.concatenate(change);
    }

    @Override
    public void setTransform(AffineTransform value) {
        transform = new AffineTransform(value);
    }

    @Override
    public AffineTransform getTransform() {
        return new AffineTransform(transform);
    }

    @Override
    public void setPaint(@Nullable Paint paint) {
        if (paint instanceof Color plain) {
            color = plain;
        }
    }

    @Override
    public Paint getPaint() {
        return color;
    }

    @Override
    public void setColor(@Nullable Color value) {
        color = value == null ? color : value;
    }

    @Override
    public Color getColor() {
        return color;
    }

    @Override
    public void setBackground(Color value) {
        background = value;
    }

    @Override
    public Color getBackground() {
        return background;
    }

    @Override
    public void setStroke(Stroke value) {
        stroke = value;
    }

    @Override
    public Stroke getStroke() {
        return stroke;
    }

    @Override
    public void setFont(@Nullable Font value) {
        font = value == null ? font : value;
    }

    @Override
    public Font getFont() {
        return font;
    }

    @Override
    public FontMetrics getFontMetrics(Font of) {
        return measure.getFontMetrics(of);
    }

    @Override
    public FontRenderContext getFontRenderContext() {
        return measure.getFontRenderContext();
    }

    @Override
    public @Nullable Shape getClip() {
        return clip;
    }

    @Override
    public @Nullable Rectangle getClipBounds() {
        return clip == null ? null : clip.getBounds();
    }

    @Override
    public void setClip(@Nullable Shape value) {
        clip = value;
    }

    @Override
    public void setClip(int x, int y, int width, int height) {
        clip = new Rectangle(x, y, width, height);
    }

    @Override
    public void clip(@Nullable Shape value) {
        clip = value;
    }

    @Override
    public void clipRect(int x, int y, int width, int height) {
        clip = new Rectangle(x, y, width, height);
    }

    @Override
    public boolean hit(Rectangle area, Shape shape, boolean outline) {
        return (outline ? stroke.createStrokedShape(shape) : shape).intersects((Rectangle2D) area);
    }

    @Override
    public GraphicsConfiguration getDeviceConfiguration() {
        return measure.getDeviceConfiguration();
    }

    @Override
    public @Nullable Object getRenderingHint(RenderingHints.Key key) {
        return measure.getRenderingHint(key);
    }

    @Override
    public RenderingHints getRenderingHints() {
        return measure.getRenderingHints();
    }

    @Override
    public Composite getComposite() {
        return measure.getComposite();
    }
}
