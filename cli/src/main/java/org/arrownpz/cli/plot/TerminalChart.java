package org.arrownpz.cli.plot;

import org.arrownpz.SafeText;
import org.arrownpz.cli.cell.Bars;
import org.arrownpz.cli.cell.Figures;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.console.Width;

/**
 * Charts of block characters.
 *
 * @param console where they are shown
 * @param width of lines
 */
public record TerminalChart(Console console, int width) {
    /** Figures beside an axis: {@code -54.5 M}. */
    private static final int LABEL = 9;

    private static final int LEAST_WIDTH = 4;
    private static final int TITLE = 60;

    /** The most characters that the course of a column takes. */
    public static int room(int width) {
        return Math.max(LEAST_WIDTH, width - LABEL - 2);
    }

    /** The course of a column over its rows, so many lines high, each of two halves. */
    public String line(LineSeries series, int height) {
        double min = series.min();
        double max = series.max();
        StringBuilder text = new StringBuilder(title(series.name(), Figures.count(series.rows(), "row")));
        if (Double.isNaN(min)) {
            return text.append("  no numbers\n").toString();
        }
        int places = series.steps() == 1 ? 1 : room(width);
        boolean[][] dots = dots(series, places, height * 2, min, max);
        for (int line = 0; line < height; line++) {
            boolean labelled = line == 0 || line == height - 1 || line == (height - 1) / 2;
            double share = (height - 1 - line) / (double) Math.max(1, height - 1);
            String label = labelled ? Figures.value(min * (1 - share) + max * share) : "";
            StringBuilder blocks = new StringBuilder(places);
            for (int place = 0; place < places; place++) {
                boolean upper = dots[place][(height - line) * 2 - 1];
                boolean lower = dots[place][(height - line) * 2 - 2];
                blocks.append(upper ? lower ? '█' : '▀' : lower ? '▄' : ' ');
            }
            text.append(Width.pad(Width.cut(label, LABEL), LABEL, true))
                    .append(labelled ? " ┤" : " │")
                    .append(Ink.CYAN.on(console, blocks.toString().stripTrailing()))
                    .append('\n');
        }
        text.append(" ".repeat(LABEL)).append(" └").append("─".repeat(places)).append('\n');
        String last = Figures.count(series.rows() - 1);
        text.append(" ".repeat(LABEL + 2)).append('0');
        if (places > last.length() + 2) {
            text.append(Width.pad(last, places - 1, true));
        }
        return text.append('\n').toString();
    }

    /** The halves of lines that are filled: by place, from below. */
    private static boolean[][] dots(LineSeries series, int places, int levels, double min, double max) {
        boolean[][] dots = new boolean[places][levels];
        double[] least = series.line().least();
        double[] greatest = series.line().greatest();
        int before = -1;
        for (int place = 0; place < places; place++) {
            double at = places == 1 ? 0 : (double) place * (series.steps() - 1) / (places - 1);
            int step = (int) at;
            double part = at - step;
            int next = Math.min(series.steps() - 1, step + (part > 0 ? 1 : 0));
            int low = level(between(least[step], least[next], part), min, max, levels);
            int high = level(between(greatest[step], greatest[next], part), min, max, levels);
            if (low < 0 || high < 0) {
                before = -1;
                continue;
            }
            // What lies between neighbours is filled, so that the line has no holes.
            int from = before >= 0 && before < low ? before + 1 : low;
            int to = before > high ? before - 1 : high;
            for (int level = from; level <= to; level++) {
                dots[place][level] = true;
            }
            before = (low + high) / 2;
        }
        return dots;
    }

    private static double between(double left, double right, double part) {
        return part == 0 ? left : left * (1 - part) + right * part;
    }

    private static int level(double value, double min, double max, int levels) {
        if (Double.isNaN(value)) {
            return -1;
        }
        double range = max / 2 - min / 2;
        double share = range == 0 ? 0.5 : (value / 2 - min / 2) / range;
        return (int) Math.round(Math.max(0, Math.min(1, share)) * (levels - 1));
    }

    /** The frequency of numbers: a bar for each part of their range. */
    public String histogram(Histogram histogram) {
        StringBuilder text = new StringBuilder(title(histogram.name(), Figures.count(histogram.total(), "number")));
        int count = Figures.count(histogram.most()).length();
        int room = Math.max(1, width - LABEL - count - 5);
        for (int part = 0; part < histogram.parts(); part++) {
            String bar = Bars.bar((double) histogram.count(part) / Math.max(1, histogram.most()), room);
            text.append(Width.pad(Width.cut(Figures.value(histogram.edge(part)), LABEL), LABEL, true))
                    .append(" ┤")
                    .append(Ink.CYAN.on(console, bar))
                    .append(bar.isEmpty() ? "" : " ")
                    .append(Figures.count(histogram.count(part)))
                    .append('\n');
        }
        String end = histogram.parts() == 0 ? "  no numbers" : Figures.value(histogram.edge(histogram.parts()));
        return text.append(Width.pad(Width.cut(end, LABEL + 3), LABEL, true))
                .append('\n')
                .toString();
    }

    private String title(String name, String what) {
        int most = Math.max(1, Math.min(TITLE, width - what.length() - 2));
        return Ink.BOLD.on(console, Width.cut(SafeText.escape(name, TITLE), most)) + "  " + Ink.DIM.on(console, what)
                + "\n";
    }
}
