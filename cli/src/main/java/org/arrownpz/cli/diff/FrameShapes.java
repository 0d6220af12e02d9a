package org.arrownpz.cli.diff;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.cli.cell.TypeName.TypeText;
import org.arrownpz.cli.diff.FrameDiff.Difference;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.Label;
import org.arrownpz.frame.label.LabelArray;
import org.jspecify.annotations.Nullable;

/** Compares what surrounds the values of two frames: names, labels, types, metadata. */
record FrameShapes(Consumer<Difference> found) {
    /** Reports differences of all but values. */
    void compare(Frame a, Frame b) throws NpzException {
        texts("rows", null, Long.toString(a.rowCount()), Long.toString(b.rowCount()));
        texts("name", null, name(a.name()), name(b.name()));
        texts("index", null, axis(a.index()), axis(b.index()));
        texts("column_labels", null, axis(a.columns()), axis(b.columns()));
        labels(a.columns(), b.columns());
        List<String> namesA = names(a);
        List<String> namesB = names(b);
        if (!namesA.equals(namesB)) {
            columns(namesA, namesB);
        }
        metadata(null, a.schema().getCustomMetadata(), b.schema().getCustomMetadata());
        Map<String, Field> others = fields(b);
        for (Field fieldA : a.schema().getFields()) {
            String name = fieldA.getName();
            Field fieldB = others.get(name);
            if (fieldB != null) {
                texts("type", name, TypeText.of(fieldA, a.dictionaries()), TypeText.of(fieldB, b.dictionaries()));
                metadata(name, fieldA.getMetadata(), fieldB.getMetadata());
            }
        }
    }

    static List<String> names(Frame frame) throws NpzException {
        return frame.schema().getFields().stream().map(Field::getName).toList();
    }

    static Map<String, Field> fields(Frame frame) throws NpzException {
        Map<String, Field> fields = new HashMap<>();
        frame.schema().getFields().forEach(field -> fields.put(field.getName(), field));
        return fields;
    }

    private void texts(String what, @Nullable String column, @Nullable String a, @Nullable String b) {
        if (!Objects.equals(a, b)) {
            found.accept(Difference.of(what, column, a, b));
        }
    }

    private void columns(List<String> a, List<String> b) {
        Set<String> onlyA = new LinkedHashSet<>(a);
        Set<String> onlyB = new LinkedHashSet<>(b);
        b.forEach(onlyA::remove);
        a.forEach(onlyB::remove);
        onlyA.forEach(name -> found.accept(Difference.of("columns", name, "present", null)));
        onlyB.forEach(name -> found.accept(Difference.of("columns", name, null, "present")));
        if (onlyA.isEmpty() && onlyB.isEmpty()) {
            int at = 0;
            while (a.get(at).equals(b.get(at))) {
                at++;
            }
            found.accept(Difference.of("columns", null, at + ": " + a.get(at), at + ": " + b.get(at)));
        }
    }

    private void metadata(@Nullable String column, Map<String, String> a, Map<String, String> b) {
        Set<String> keys = new TreeSet<>(a.keySet());
        keys.addAll(b.keySet());
        for (String key : keys) {
            String left = a.get(key);
            String right = b.get(key);
            if (!Objects.equals(left, right)) {
                found.accept(Difference.of(
                        "metadata",
                        column,
                        left == null ? null : key + "=" + left,
                        right == null ? null : key + "=" + right));
            }
        }
    }

    private static @Nullable String name(Label label) {
        return label instanceof Label.None ? null : label.repr();
    }

    private static String axis(FrameAxis axis) {
        StringBuilder text = new StringBuilder(axis.indexClass().className());
        for (IndexClass level : axis.levelClasses()) {
            text.append(' ').append(level.className());
        }
        if (axis.isAuto()) {
            text.append(", automatic");
        }
        if (!(axis.name() instanceof Label.None)) {
            text.append(", name ").append(axis.name().repr());
        }
        for (LabelArray level : axis.labels()) {
            text.append(", ").append(level.dtype());
        }
        return text.toString();
    }

    /** The first label that differs although its text may not: 1 and "1". */
    private void labels(FrameAxis a, FrameAxis b) {
        if (a.labels().size() != b.labels().size()) {
            return;
        }
        for (int level = 0; level < a.labels().size(); level++) {
            LabelArray left = a.labels().get(level);
            LabelArray right = b.labels().get(level);
            for (int i = 0; i < Math.min(left.length(), right.length()); i++) {
                if (!left.value(i).equals(right.value(i))) {
                    found.accept(Difference.of(
                            "column_labels",
                            null,
                            i + ": " + left.value(i).repr(),
                            i + ": " + right.value(i).repr()));
                    return;
                }
            }
        }
    }
}
