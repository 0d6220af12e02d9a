package org.arrownpz.frame.internal.meta;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.Label;

/** Field names of label arrays and index levels, unique within a root. */
public final class ColumnNames {
    private static final Pattern GENERATED = Pattern.compile("__index_level_[0-9]+__");

    private ColumnNames() {}

    /** The texts of the labels; a text that occurred before gets {@code #2}, {@code #3}, …. */
    public static List<String> ofColumns(FrameAxis columns) {
        return unique(texts(columns));
    }

    /** The texts of the labels, which may collide though the labels differ. */
    public static List<String> texts(FrameAxis columns) {
        int length = Math.toIntExact(columns.length());
        if (columns.labels().size() == 1) {
            return columns.labels().get(0).texts();
        }
        List<String> texts = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            texts.add(columns.text(i));
        }
        return texts;
    }

    /** The same list where no text occurs twice; otherwise a list with numbered texts. */
    public static List<String> unique(List<String> texts) {
        if (areDistinct(texts)) {
            return texts;
        }
        Set<String> seen = new HashSet<>(texts);
        // All first occurrences keep their text, so that a label that looks like a numbered one keeps it too.
        Set<String> taken = new HashSet<>(seen);
        Set<String> used = new HashSet<>();
        Map<String, Integer> counts = new HashMap<>();
        List<String> names = new ArrayList<>(texts.size());
        for (String text : texts) {
            String name = text;
            if (!used.add(text)) {
                int count = counts.getOrDefault(text, 1);
                do {
                    count++;
                    name = text + "#" + count;
                } while (!taken.add(name));
                counts.put(text, count);
            }
            names.add(name);
        }
        return names;
    }

    /** Whether no text occurs twice. */
    public static boolean areDistinct(List<String> texts) {
        return new HashSet<>(texts).size() == texts.size();
    }

    /** Names of the index' levels: the level's own name where it is text and free, else {@code __index_level_N__}. */
    public static List<String> ofIndex(Label indexName, int levels, Collection<String> columnNames) {
        if (levels == 0) {
            return List.of();
        }
        Set<String> taken = new HashSet<>(columnNames);
        List<String> names = new ArrayList<>(levels);
        for (int level = 0; level < levels; level++) {
            String name = levelName(indexName, level, levels) instanceof Label.Text text ? text.value() : null;
            if (name != null && GENERATED.matcher(name).matches()) {
                // pandas takes a field of this name for one that has none; under another it keeps it.
                taken.add(name);
            }
            if (name == null || !taken.add(name)) {
                name = generated(level);
                for (int count = 2; !taken.add(name); count++) {
                    name = generated(level) + "#" + count;
                }
            }
            names.add(name);
        }
        return names;
    }

    private static String generated(int level) {
        return "__index_level_" + level + "__";
    }

    /** The name of one level: an item of a tuple as long as there are levels, or the name of a one-level index. */
    public static Label levelName(Label indexName, int level, int levels) {
        if (indexName instanceof Label.Tuple tuple && tuple.items().size() == levels && levels > 1) {
            return tuple.items().get(level);
        }
        return levels == 1 ? indexName : Label.NONE;
    }
}
