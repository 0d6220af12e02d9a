package org.arrownpz.cli.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.arrownpz.cli.console.Console;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.vector.WriteReport;
import org.arrownpz.vector.WriteReport.Column;
import org.arrownpz.vector.WriteReport.Stored;

/** What a written file does not show NumPy and StaticFrame as it is, on standard error: a line for each kind. */
final class WriteNotes {
    private static final int MAX_PATH = 4096;
    private static final int MAX_LIST = 1000;

    private final List<String> hidden = new ArrayList<>();
    private final List<String> filled = new ArrayList<>();
    private final List<String> changed = new ArrayList<>();

    private WriteNotes(WriteReport report) {
        for (Column column : report.columns()) {
            if (column.stored() == Stored.BUFFERS) {
                hidden.add(column.name());
            } else if (column.nullCount() > 0
                    && column.fill() != null
                    && !column.fill().equals("NaT")) {
                filled.add(
                        String.format(Locale.ROOT, "%s (%d as %s)", column.name(), column.nullCount(), column.fill()));
            }
            if (column.note() != null) {
                changed.add(column.name() + " (" + column.dtype() + ": " + column.note() + ")");
            }
        }
    }

    /** Tells what the report of a file knows. */
    static void say(String target, WriteReport report, Console console) {
        WriteNotes notes = new WriteNotes(report);
        String file = SafeText.escape(target, MAX_PATH) + ": ";
        say(file + "NumPy and StaticFrame will not see ", notes.hidden, console);
        say(file + "NumPy and StaticFrame will see values for nulls of ", notes.filled, console);
        say(file + "NumPy and StaticFrame will see another type of ", notes.changed, console);
        report.notes().forEach(note -> console.say(file + note));
    }

    private static void say(String what, List<String> columns, Console console) {
        if (!columns.isEmpty()) {
            console.say(what
                    + (columns.size() == 1 ? "column " : columns.size() + " columns: ")
                    + SafeText.escape(String.join(", ", columns), MAX_LIST));
        }
    }
}
