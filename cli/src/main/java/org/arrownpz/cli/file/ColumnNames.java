package org.arrownpz.cli.file;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.arrownpz.NpzException;
import org.arrownpz.cli.console.Likely;
import org.arrownpz.cli.console.UsageException;
import org.arrownpz.event.spec.PackSpec;
import org.arrownpz.frame.Frame;

/**
 * The columns of a frame as users name them: by name, or else by position, negative ones from the end.
 *
 * @param levels the names of the index levels, which have no position
 * @param columns the names of the columns
 */
public record ColumnNames(List<String> levels, List<String> columns) {
    /** As many are told where a name is unknown. */
    public static ColumnNames of(Frame frame) throws NpzException {
        List<String> names = new ArrayList<>();
        frame.schema().getFields().forEach(field -> names.add(field.getName()));
        int levels = frame.indexLevels();
        return new ColumnNames(names.subList(0, levels), names.subList(levels, names.size()));
    }

    /**
     * The columns that are meant by these names, in this order. Index levels may be named and are left out, since they
     * come along always; blanks around a name do not matter where no other column has it.
     *
     * @throws UsageException for unknown names
     */
    public List<String> chosen(List<String> texts) {
        List<String> chosen = new ArrayList<>(texts.size());
        for (String text : texts) {
            String name = known(text);
            if (columns.contains(name)) {
                chosen.add(name);
            }
        }
        return chosen;
    }

    private String known(String text) {
        List<String> all = all();
        if (all.contains(text)) {
            return text;
        }
        List<String> alike =
                all.stream().filter(name -> name.strip().equals(text.strip())).toList();
        if (alike.size() == 1) {
            return alike.get(0);
        }
        throw Likely.missing("column", text, all);
    }

    /** References by name; positions that do not exist stay what they are, and are refused by whoever uses them. */
    public List<PackSpec.ColumnRef> refs(List<String> texts) {
        Set<String> names = new HashSet<>(levels);
        names.addAll(columns);
        List<PackSpec.ColumnRef> refs = new ArrayList<>(texts.size());
        for (String text : texts) {
            refs.add(
                    !names.contains(text) && text.strip().matches("-?[0-9]{1,9}")
                            ? at(Integer.parseInt(text.strip()))
                            : PackSpec.ColumnRef.of(known(text)));
        }
        return refs;
    }

    private PackSpec.ColumnRef at(int wanted) {
        int position = wanted < 0 ? wanted + columns.size() : wanted;
        return position < 0 || position >= columns.size()
                ? PackSpec.ColumnRef.of(wanted)
                : PackSpec.ColumnRef.of(columns.get(position));
    }

    /** The same, where only index levels that are among these references are left. */
    public ColumnNames withLevelsOf(List<PackSpec.ColumnRef> refs) {
        return new ColumnNames(
                levels.stream()
                        .filter(level -> refs.contains(PackSpec.ColumnRef.of(level)))
                        .toList(),
                columns);
    }

    /** Levels and columns. */
    List<String> all() {
        List<String> all = new ArrayList<>(levels);
        all.addAll(columns);
        return all;
    }
}
