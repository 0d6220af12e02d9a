package org.arrownpz.cli.print;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.arrownpz.SafeText;
import org.arrownpz.compare.Comparison;
import org.arrownpz.compare.Comparison.Choice;
import org.arrownpz.compare.Comparison.Environment;
import org.arrownpz.compare.Comparison.Fidelity;
import org.arrownpz.compare.Comparison.Operation;
import org.arrownpz.compare.Comparison.Result;
import org.arrownpz.compare.Comparison.Units;
import org.arrownpz.compare.FileForm;
import org.arrownpz.compare.Rounds.Measurement;
import org.arrownpz.compare.Saving;
import org.jspecify.annotations.Nullable;

/** Comparisons, and the savings of packing, for people. */
public final class CompareTable {
    private static final List<String> HEADER = List.of(
            "format",
            "by",
            "size",
            "write",
            "+-",
            "x floor",
            "open",
            "one cell",
            "every value",
            "+-",
            "x floor",
            "1,000 rows",
            "open, rows");
    private static final Set<String> NUMBERS =
            Set.of("size", "write", "+-", "x floor", "open", "one cell", "every value", "1,000 rows", "open, rows");
    private static final List<String> SAVING = List.of("format", "flat", "packed", "flat / packed");
    private static final List<String> CHOICES =
            List.of("", "format", "size", "write", "every value", "read by", "lost", "others do not see");
    /** The columns that a narrow terminal does without. */
    private static final List<String> LEAST =
            List.of("+-", "open, rows", "1,000 rows", "one cell", "x floor", "open", "write");

    private static final int MAX_TEXT = 2000;

    private CompareTable() {}

    /** @param width of the lines, where that can be */
    public static String text(Comparison comparison, int width) {
        StringBuilder text = new StringBuilder();
        text.append(escape(comparison.title()) + ": " + comparison.rows() + " rows, " + comparison.columns()
                + " columns, " + Units.bytes((double) comparison.valueBytes())
                + " in memory. All readers gave the checksum " + comparison.checksum() + noteMark(comparison) + ".\n");
        text.append(Comparison.CONDITIONS + "\n\n" + table(comparison, width));
        if (comparison.results().stream().anyMatch(Result::isLazy)) {
            text.append("\n* " + Comparison.LAZY + "\n");
        }
        losses(comparison, text);
        comparison.missing().forEach(missing -> text.append("Not measured: " + escape(missing) + "\n"));
        text.append('\n' + choices(comparison, width));
        comparison.verdict().forEach(sentence -> text.append("- " + escape(sentence) + "\n"));
        Environment on = comparison.environment();
        String line = "%n%s, %d processors, Java %s, load %.1f to %.1f%n%n";
        return text.append(String.format(
                        Locale.ROOT, line, on.system(), on.processors(), on.java(), on.loadBefore(), on.loadAfter()))
                .toString();
    }

    /** The savings of packing. */
    public static String text(Saving saving) {
        StringBuilder text = new StringBuilder();
        text.append(escape(saving.data()) + ": " + saving.rows() + " rows, packed " + saving.groups());
        Long fileBytes = saving.fileBytes();
        text.append(fileBytes == null ? "\n\n" : "; the file itself has " + Units.bytes((double) fileBytes) + "\n\n");
        TextTable table = new TextTable(SAVING, Set.copyOf(SAVING.subList(1, SAVING.size())));
        for (FileForm form : saving.forms()) {
            table.add(
                    form.label(),
                    Units.bytes((double) saving.flatBytes(form)),
                    Units.bytes((double) saving.packedBytes(form)),
                    Units.ratio(saving.ratio(form)));
        }
        text.append(table.take()).append('\n');
        saving.verdict().forEach(sentence -> text.append(sentence + "\n"));
        saving.notes().forEach(note -> text.append("Note: " + escape(note) + "\n"));
        return text.toString();
    }

    private static String noteMark(Comparison comparison) {
        boolean noted =
                comparison.results().stream().anyMatch(result -> !result.notes().isEmpty());
        return noted ? " but for columns that came as other types, see below" : "";
    }

    private static String table(Comparison comparison, int width) {
        TextTable table = new TextTable(HEADER, NUMBERS);
        Measurement writeFloor = comparison.floor(Comparison.WRITE_FLOOR);
        Measurement readFloor = comparison.floor(comparison.readFloor());
        for (Result result : comparison.results()) {
            Measurement write = result.time(Operation.WRITE);
            Measurement touch = result.time(Operation.TOUCH);
            Long size = result.form() == null ? null : comparison.sizes().get(result.form());
            table.add(
                    result.form() == null ? "floor" : escape(comparison.label(result.form())),
                    result.program() + (result.kind() == Comparison.Kind.PEER ? " (peer)" : ""),
                    size == null ? "" : Units.bytes(size),
                    time(write),
                    spread(write),
                    over(write, writeFloor),
                    time(result.time(Operation.OPEN)) + mark(result, Operation.OPEN),
                    time(result.time(Operation.CELL)) + mark(result, Operation.CELL),
                    time(touch),
                    spread(touch),
                    over(touch, readFloor),
                    time(result.time(Operation.TAKE)),
                    time(result.time(Operation.OPEN_TAKE)));
        }
        return table.take(width, LEAST);
    }

    /** The table that leads the verdict. */
    private static String choices(Comparison comparison, int width) {
        if (comparison.choices().isEmpty()) {
            return "";
        }
        TextTable table = new TextTable(CHOICES, NUMBERS);
        for (Choice choice : comparison.choices()) {
            table.add(
                    choice.role().label(),
                    escape(comparison.label(choice.form())),
                    Units.bytes((double) choice.bytes()),
                    time(choice.write()),
                    time(choice.read()),
                    choice.reader(),
                    choice.fidelity().lost().isEmpty()
                            ? "nothing"
                            : join(choice.fidelity().lost()),
                    choice.fidelity().lostElsewhere().isEmpty()
                            ? "nothing"
                            : join(choice.fidelity().lostElsewhere()));
        }
        return table.take(width, List.of("others do not see", "lost")) + "\n";
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
            List<String> lost = fidelity.lost();
            List<String> elsewhere = fidelity.lostElsewhere();
            text.append(fidelity.form().label() + ": " + (lost.isEmpty() ? "all comes back" : "lost: " + join(lost)));
            text.append("; " + fidelity.elsewhere());
            text.append((elsewhere.isEmpty() ? " see all" : " do not see: " + join(elsewhere)) + "\n");
        }
        for (Result result : comparison.results()) {
            result.notes().forEach(note -> text.append(result.program() + ": " + note + "\n"));
        }
    }

    private static String join(List<String> parts) {
        return escape(String.join(", ", parts));
    }

    private static String escape(String text) {
        return SafeText.escape(text, MAX_TEXT);
    }
}
