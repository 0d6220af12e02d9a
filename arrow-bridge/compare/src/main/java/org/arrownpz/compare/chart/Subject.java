package org.arrownpz.compare.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.arrownpz.compare.report.Comparison;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.compare.report.Measurement;
import org.arrownpz.compare.report.Operation;
import org.arrownpz.compare.report.Result;
import org.arrownpz.compare.report.Units;
import org.jspecify.annotations.Nullable;

/** What a chart shows. */
enum Subject {
    READ(
            "Open and read, shorter is better",
            "Dark, first figure: open + every value. Light, second figure: open + one cell (the article's probe)."
                    + " Lazy: mapped, the other values are not read then. Logarithmic scale, medians."),
    WRITE(
            "Write, shorter is better",
            "The whole table to a file in the page cache, nothing forced to the disk. Logarithmic scale, medians."),
    SIZE("File size, shorter is better", "Bytes of the file, or of all files of the directory.");

    final String title;
    final String explanation;

    Subject(String title, String explanation) {
        this.title = title;
        this.explanation = explanation;
    }

    /**
     * One line of a chart.
     *
     * @param label name and figure
     * @param value nanoseconds or bytes of the dark bar
     * @param other those of the light one, or null
     */
    record Bar(String label, double value, @Nullable Double other) {}

    String fileName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A figure of the axis, such as 10 ms. */
    String tick(double value) {
        return (this == SIZE ? Units.bytes(value) : Units.time(value)).replaceFirst("\\.0+ ", " ");
    }

    List<Bar> bars(Comparison comparison) {
        List<Bar> bars = new ArrayList<>();
        if (this == SIZE) {
            for (FileForm form : FileForm.values()) {
                Long bytes = comparison.sizes().get(form);
                if (bytes != null) {
                    bars.add(new Bar(comparison.label(form) + "  " + Units.bytes(bytes), bytes, null));
                }
            }
            return bars;
        }
        for (Result result : comparison.results()) {
            Measurement time = result.time(this == READ ? Operation.TOUCH : Operation.WRITE);
            Measurement cell = this == READ ? result.time(Operation.CELL) : null;
            if (time != null) {
                String more = cell == null ? "" : " | " + Units.time(cell.median()) + (result.isLazy() ? " lazy" : "");
                String label = name(comparison, result) + "  " + Units.time(time.median()) + more;
                bars.add(new Bar(label, time.median(), cell == null ? null : cell.median()));
            }
        }
        return bars;
    }

    private static String name(Comparison comparison, Result result) {
        FileForm form = result.form();
        return form == null ? "floor: " + result.program() : comparison.label(form) + ", " + result.program();
    }
}
