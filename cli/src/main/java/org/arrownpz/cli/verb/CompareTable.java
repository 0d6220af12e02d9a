package org.arrownpz.cli.verb;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.arrownpz.cli.print.TextTable;
import org.arrownpz.compare.report.Comparison;
import org.arrownpz.compare.report.Fidelity;
import org.arrownpz.compare.report.Measurement;
import org.arrownpz.compare.report.Operation;
import org.arrownpz.compare.report.Result;
import org.arrownpz.compare.report.Units;
import org.arrownpz.internal.text.SafeText;
import org.jspecify.annotations.Nullable;

/** A comparison for people. */
final class CompareTable {
    private static final List<String> HEADER = List.of(
            "format", "by", "size", "write", "+-", "x floor", "open", "one cell", "every value", "+-", "x floor");
    private static final Set<String> NUMBERS =
            Set.of("size", "write", "+-", "x floor", "open", "one cell", "every value");
    private static final int MAX_TEXT = 2000;

    private CompareTable() {}

    static String text(Comparison comparison) {
        StringBuilder text = new StringBuilder();
        text.append(SafeText.escape(comparison.title(), MAX_TEXT)).append(": ").append(comparison.rows());
        text.append(" rows, ").append(comparison.columns()).append(" columns, ");
        text.append(Units.bytes((double) comparison.valueBytes())).append(" in memory. All readers gave the checksum ");
        text.append(comparison.checksum())
                .append(noteMark(comparison))
                .append(".\n")
                .append(Comparison.CONDITIONS);
        text.append("\n\n").append(table(comparison));
        if (comparison.results().stream().anyMatch(Result::isLazy)) {
            text.append("\n* ").append(Comparison.LAZY).append('\n');
        }
        losses(comparison, text);
        for (String missing : comparison.missing()) {
            text.append("Not measured: ")
                    .append(SafeText.escape(missing, MAX_TEXT))
                    .append('\n');
        }
        text.append('\n');
        for (String sentence : comparison.verdict()) {
            text.append("- ").append(SafeText.escape(sentence, MAX_TEXT)).append('\n');
        }
        text.append(String.format(
                Locale.ROOT,
                "%n%s, %d processors, Java %s, load %.1f to %.1f%n%n",
                comparison.environment().system(),
                comparison.environment().processors(),
                comparison.environment().java(),
                comparison.environment().loadBefore(),
                comparison.environment().loadAfter()));
        return text.toString();
    }

    private static String noteMark(Comparison comparison) {
        boolean noted =
                comparison.results().stream().anyMatch(result -> !result.notes().isEmpty());
        return noted ? " but for columns that came as other types, see below" : "";
    }

    private static String table(Comparison comparison) {
        TextTable table = TextTable.of(HEADER, NUMBERS);
        Measurement writeFloor = comparison.floor(Comparison.WRITE_FLOOR);
        Measurement readFloor = comparison.floor(Comparison.READ_FLOOR);
        for (Result result : comparison.results()) {
            Measurement write = result.time(Operation.WRITE);
            Measurement touch = result.time(Operation.TOUCH);
            Long size = result.form() == null ? null : comparison.sizes().get(result.form());
            table.add(
                    result.form() == null ? "floor" : result.form().label(),
                    result.program() + (result.kind() == Result.Kind.PEER ? " (peer)" : ""),
                    size == null ? "" : Units.bytes(size),
                    time(write),
                    spread(write),
                    over(write, writeFloor),
                    time(result.time(Operation.OPEN)) + mark(result, Operation.OPEN),
                    time(result.time(Operation.CELL)) + mark(result, Operation.CELL),
                    time(touch),
                    spread(touch),
                    over(touch, readFloor));
        }
        return table.take();
    }

    private static String mark(Result result, Operation operation) {
        return result.time(operation) != null && result.isLazy() ? "*" : "";
    }

    private static String time(@Nullable Measurement time) {
        return time == null ? "" : Units.time(time.median());
    }

    private static String spread(@Nullable Measurement time) {
        return time == null ? "" : String.format(Locale.ROOT, "%.0f%%", time.spread() * 50);
    }

    private static String over(@Nullable Measurement time, @Nullable Measurement floor) {
        return time == null || floor == null ? "" : Units.digits(time.over(floor));
    }

    private static void losses(Comparison comparison, StringBuilder text) {
        text.append('\n');
        for (Fidelity fidelity : comparison.fidelity()) {
            text.append(fidelity.form().label()).append(": ");
            text.append(fidelity.lost().isEmpty() ? "all comes back" : "lost: " + join(fidelity.lost()));
            text.append("; ")
                    .append(fidelity.elsewhere())
                    .append(
                            fidelity.lostElsewhere().isEmpty()
                                    ? " see all"
                                    : " do not see: " + join(fidelity.lostElsewhere()));
            text.append('\n');
        }
        for (Result result : comparison.results()) {
            for (String note : result.notes()) {
                text.append(result.program()).append(": ").append(note).append('\n');
            }
        }
    }

    private static String join(List<String> parts) {
        return SafeText.escape(String.join(", ", parts), MAX_TEXT);
    }
}
