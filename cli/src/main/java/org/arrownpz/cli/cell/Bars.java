package org.arrownpz.cli.cell;

/** Bars and histograms of block characters. */
public final class Bars {
    private static final String LEFT = "▏▎▍▌▋▊▉█";
    private static final String LOWER = "▁▂▃▄▅▆▇█";
    private static final int EIGHTHS = 8;

    private Bars() {}

    /** A bar for a share of the whole, from 0 to 1, in so many places; some share is never an empty bar. */
    public static String bar(double share, int places) {
        int eighths = (int) Math.round(Math.max(0, Math.min(1, share)) * places * EIGHTHS);
        eighths = eighths == 0 && share > 0 ? 1 : eighths;
        StringBuilder bar = new StringBuilder(places);
        bar.append("█".repeat(eighths / EIGHTHS));
        if (eighths % EIGHTHS > 0) {
            bar.append(LEFT.charAt(eighths % EIGHTHS - 1));
        }
        return bar.toString();
    }

    /** A histogram with a character for each count; a blank where there is nothing. */
    public static String histogram(long[] counts) {
        long most = 1;
        for (long count : counts) {
            most = Math.max(most, count);
        }
        StringBuilder text = new StringBuilder(counts.length);
        for (long count : counts) {
            int level = (int) Math.ceil((double) count / most * EIGHTHS);
            text.append(level == 0 ? ' ' : LOWER.charAt(Math.min(EIGHTHS, level) - 1));
        }
        return text.toString();
    }
}
