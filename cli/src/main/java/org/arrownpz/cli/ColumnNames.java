package org.arrownpz.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.arrownpz.event.ColumnRef;
import org.arrownpz.frame.Frame;

/** Columns as users name them: by name, or else by position, negative ones from the end. */
final class ColumnNames {
    private ColumnNames() {}

    static List<ColumnRef> refs(Frame frame, List<String> texts) {
        Set<String> names = new HashSet<>();
        frame.schema().getFields().forEach(field -> names.add(field.getName()));
        List<ColumnRef> refs = new ArrayList<>(texts.size());
        for (String text : texts) {
            refs.add(
                    !names.contains(text) && text.matches("-?[0-9]{1,9}")
                            ? ColumnRef.of(Integer.parseInt(text))
                            : ColumnRef.of(text));
        }
        return refs;
    }
}
