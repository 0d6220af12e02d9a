package org.arrownpz.compare.report;

import java.util.Locale;

/** Numbers as people read them: three digits and a unit. All methods are safe for use by several threads. */
public final class Units {
    private Units() {}

    /** A time in nanoseconds, for instance {@code 1.25 ms}. */
    public static String time(double nanoseconds) {
        if (nanoseconds < 1e3) {
            return digits(nanoseconds) + " ns";
        }
        if (nanoseconds < 1e6) {
            return digits(nanoseconds / 1e3) + " us";
        }
        return nanoseconds < 1e9 ? digits(nanoseconds / 1e6) + " ms" : digits(nanoseconds / 1e9) + " s";
    }

    /** A size, for instance {@code 8.02 MB}; powers of ten. */
    public static String bytes(double bytes) {
        if (bytes < 1e3) {
            return digits(bytes) + " B";
        }
        if (bytes < 1e6) {
            return digits(bytes / 1e3) + " kB";
        }
        return bytes < 1e9 ? digits(bytes / 1e6) + " MB" : digits(bytes / 1e9) + " GB";
    }

    /** A ratio, for instance {@code 2.10 x}. */
    public static String ratio(double ratio) {
        return digits(ratio) + " x";
    }

    /** Three digits. */
    public static String digits(double value) {
        double size = Math.abs(value);
        if (size >= 99.95 || value == 0) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        if (size >= 9.995) {
            return String.format(Locale.ROOT, "%.1f", value);
        }
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
