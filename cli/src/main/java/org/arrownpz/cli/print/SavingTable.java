package org.arrownpz.cli.print;

import java.util.List;
import java.util.Set;
import org.arrownpz.compare.Comparison.Units;
import org.arrownpz.compare.FileForm;
import org.arrownpz.compare.Saving;
import org.arrownpz.internal.text.SafeText;

/** The savings of packing, for people. */
public final class SavingTable {
    private static final List<String> HEADER = List.of("format", "flat", "packed", "flat / packed");
    private static final Set<String> NUMBERS = Set.of("flat", "packed", "flat / packed");
    private static final int MAX_TEXT = 2000;

    private SavingTable() {}

    public static String text(Saving saving) {
        StringBuilder text = new StringBuilder();
        text.append(escape(saving.data()) + ": " + saving.rows() + " rows, packed " + saving.groups());
        Long fileBytes = saving.fileBytes();
        text.append(fileBytes == null ? "\n\n" : "; the file itself has " + Units.bytes((double) fileBytes) + "\n\n");
        TextTable table = TextTable.of(HEADER, NUMBERS);
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

    private static String escape(String text) {
        return SafeText.escape(text, MAX_TEXT);
    }
}
