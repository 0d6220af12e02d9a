package org.arrownpz.compare.chart;

import org.arrownpz.compare.report.Comparison;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.compare.report.Measurement;
import org.arrownpz.compare.report.Operation;
import org.arrownpz.compare.report.Result;
import org.arrownpz.compare.report.Units;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.style.Styler.ChartTheme;

/** The bars of one table. */
public final class BarPanel {
    public static final int WIDTH = 660;
    private static final int BAR = 26;
    private static final int AROUND = 90;
    private static final Color DARK = new Color(0x1F4E79);
    private static final Color LIGHT = new Color(0x9DC3E6);
    private static final Color GRID = new Color(0xDDDDDD);

    private final Comparison comparison;
    private final Subject subject;
    private final List<Bar> bars;

    private BarPanel(Comparison comparison, Subject subject, List<Bar> bars) {
        this.comparison = comparison;
        this.subject = subject;
        this.bars = bars;
    }

    /** What a chart is about. */
    enum Subject {
        READ(
                "Open and read, shorter is better",
                "Dark, first figure: open + every value. Light, second figure: open + one cell (the article's probe)."
                        + " Lazy: mapped, the other values are not read then."),
        WRITE("Write, shorter is better", "The whole table to a file in the page cache, nothing forced to the disk."),
        SIZE("File size, shorter is better", "Bytes of the file, or of all files of the directory.");

        private final String title;
        private final String explanation;

        Subject(String title, String explanation) {
            this.title = title;
            this.explanation = explanation;
        }

        String title() {
            return title;
        }

        String explanation() {
            return explanation + (this == SIZE ? "" : " Logarithmic scale, medians.");
        }

        String fileName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One line of the chart.
     *
     * @param label name and figure
     * @param value how long the dark bar is
     * @param other how long the light one is, or null
     */
    private record Bar(String label, double value, @Nullable Double other) {}

    static BarPanel of(Comparison comparison, Subject subject) {
        List<Bar> bars = switch (subject) {
            case READ -> reading(comparison);
            case WRITE -> writing(comparison);
            case SIZE -> sizes(comparison);
        };
        return new BarPanel(comparison, subject, bars);
    }

    private static List<Bar> reading(Comparison comparison) {
        List<Bar> bars = new ArrayList<>();
        for (Result result : comparison.results()) {
            Measurement touch = result.time(Operation.TOUCH);
            if (touch == null) {
                continue;
            }
            Measurement cell = result.time(Operation.CELL);
            String label = name(result) + "  " + Units.time(touch.median());
            if (cell != null) {
                label += " | " + Units.time(cell.median()) + (result.isLazy() ? " lazy" : "");
            }
            bars.add(new Bar(label, touch.median() / 1e6, cell == null ? null : cell.median() / 1e6));
        }
        return bars;
    }

    private static List<Bar> writing(Comparison comparison) {
        List<Bar> bars = new ArrayList<>();
        for (Result result : comparison.results()) {
            Measurement time = result.time(Operation.WRITE);
            if (time != null) {
                bars.add(new Bar(name(result) + "  " + Units.time(time.median()), time.median() / 1e6, null));
            }
        }
        return bars;
    }

    private static List<Bar> sizes(Comparison comparison) {
        List<Bar> bars = new ArrayList<>();
        for (FileForm form : FileForm.values()) {
            Long bytes = comparison.sizes().get(form);
            if (bytes != null) {
                bars.add(new Bar(form.label() + "  " + Units.bytes(bytes), bytes / 1e6, null));
            }
        }
        return bars;
    }

    private static String name(Result result) {
        FileForm form = result.form();
        return form == null ? "floor: " + result.program() : form.label() + ", " + result.program();
    }

    int height() {
        return AROUND + BAR * bars.size();
    }

    void paint(Graphics2D graphics, int height) {
        chart(height).paint(graphics, WIDTH, height);
    }

    private static double logarithm(double value) {
        return Math.log10(Math.max(1e-6, value));
    }

    /** A power of ten of milliseconds. */
    private static String decade(double milliseconds) {
        return Units.time(milliseconds * 1e6).replaceFirst("\\.0+ ", " ");
    }

    private HorizontalBarChart chart(int height) {
        HorizontalBarChart chart = new HorizontalBarChartBuilder()
                .width(WIDTH)
                .height(height)
                .theme(ChartTheme.XChart)
                .title(comparison.title() + ", " + comparison.rows() + " rows")
                .xAxisTitle(subject == Subject.SIZE ? "MB" : "")
                .build();
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
        chart.getStyler().setChartTitleBoxVisible(false);
        chart.getStyler().setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        chart.getStyler().setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        chart.getStyler().setYAxisTitleVisible(false);
        // Means the categories, which stand on the other axis here; without it, XChart leaves labels out.
        chart.getStyler().setXAxisMaxLabelCount(bars.size() + 2);
        chart.getStyler().setPlotGridHorizontalLinesVisible(false);
        chart.getStyler().setPlotGridLinesColor(GRID);
        chart.getStyler().setPlotBorderVisible(false);
        chart.getStyler().setAvailableSpaceFill(0.8);
        chart.getStyler().setSeriesColors(new Color[] {DARK, LIGHT});
        List<String> labels = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        for (Bar bar : bars) {
            labels.add(bar.label());
            values.add(bar.value());
            others.add(bar.other() == null ? bar.value() : bar.other());
        }
        if (subject != Subject.SIZE) {
            // XChart has no logarithmic horizontal bars: the bars are logarithms, and the axis says of what.
            double least = Math.floor(Math.min(logarithm(Collections.min(values)), logarithm(Collections.min(others))));
            double greatest =
                    Math.ceil(Math.max(logarithm(Collections.max(values)), logarithm(Collections.max(others))));
            values.replaceAll(value -> logarithm(value) - least);
            others.replaceAll(value -> logarithm(value) - least);
            chart.getStyler().setXAxisMin(0.0);
            chart.getStyler().setXAxisMax(Math.max(1, greatest - least));
            chart.getStyler().setXAxisTickMarkSpacingHint((int) (WIDTH / 2.2 / Math.max(1, greatest - least)));
            chart.getStyler().setXAxisTickLabelsFormattingFunction(at -> decade(Math.pow(10, at + least)));
        }
        chart.addSeries("every value", values, labels);
        if (subject == Subject.READ) {
            chart.addSeries("one cell", others, labels);
        }
        return chart;
    }
}
