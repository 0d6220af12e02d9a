package org.arrownpz.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.NpzException;
import org.arrownpz.SafeText;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.LabelArray;
import org.arrownpz.support.ValueBytes;

/** Lists in words what a frame has that another one lacks. */
final class FrameLosses {
    static final String DTYPE = "numpy.dtype";

    private FrameLosses() {}

    /** Names, classes and labels of both axes. */
    static List<String> ofLabels(Frame before, Frame after) {
        List<String> lost = new ArrayList<>();
        if (!before.name().equals(after.name())) {
            lost.add("the frame's name");
        }
        axis("index", before.index(), after.index(), lost);
        axis("column labels", before.columns(), after.columns(), lost);
        return lost;
    }

    private static void axis(String what, FrameAxis before, FrameAxis after, List<String> lost) {
        if (!before.indexClass().equals(after.indexClass())) {
            lost.add("class of the " + what + ": " + before.indexClass().className() + " becomes "
                    + after.indexClass().className());
        } else if (!before.levelClasses().equals(after.levelClasses())) {
            lost.add("classes of the levels of the " + what);
        }
        if (before.depth() != after.depth()) {
            lost.add("levels of the " + what);
        }
        if (!before.name().equals(after.name())) {
            lost.add("name of the " + what);
        }
        if (before.isAuto() != after.isAuto()) {
            lost.add("that the " + what + (before.isAuto() ? " is automatic" : " is not automatic"));
        }
        labels(what, before.labels(), after.labels(), lost);
    }

    private static void labels(String what, List<LabelArray> before, List<LabelArray> after, List<String> lost) {
        for (int level = 0; level < Math.min(before.size(), after.size()); level++) {
            LabelArray one = before.get(level);
            LabelArray other = after.get(level);
            if (!one.dtype().equals(other.dtype())) {
                lost.add("dtype of the " + what + ": " + one.dtype() + " becomes " + other.dtype());
            }
            if (one.length() != other.length()) {
                lost.add("the " + what);
                continue;
            }
            for (int i = 0; i < one.length(); i++) {
                if (!one.text(i).equals(other.text(i))) {
                    lost.add("the " + what);
                    break;
                }
            }
        }
    }

    /** Names, types and dtypes of the columns, index levels included; grouped, with the number of columns. */
    static List<String> ofTypes(List<Field> before, List<Field> after, boolean dtypes) {
        List<String> lost = new ArrayList<>();
        if (before.size() != after.size()) {
            lost.add(before.size() - after.size() + " columns");
            return lost;
        }
        Map<String, Integer> changes = new LinkedHashMap<>();
        for (int i = 0; i < before.size(); i++) {
            Field one = before.get(i);
            Field other = after.get(i);
            if (!one.getName().equals(other.getName())) {
                changes.merge("name", 1, Integer::sum);
            }
            if (!sameType(one, other)) {
                changes.merge("type: " + type(one) + " becomes " + type(other), 1, Integer::sum);
            } else if (dtypes && losesDtype(one, other)) {
                changes.merge("dtype: " + one.getMetadata().get(DTYPE), 1, Integer::sum);
            }
        }
        changes.forEach((change, count) -> lost.add(SafeText.escape(change, 200) + " (" + columns(count) + ")"));
        return lost;
    }

    private static boolean losesDtype(Field one, Field other) {
        String dtype = one.getMetadata().get(DTYPE);
        return dtype != null && !dtype.equals(other.getMetadata().get(DTYPE));
    }

    private static boolean sameType(Field one, Field other) {
        if (!one.getType().equals(other.getType())
                || (one.getDictionary() == null) != (other.getDictionary() == null)
                || one.getChildren().size() != other.getChildren().size()) {
            return false;
        }
        for (int i = 0; i < one.getChildren().size(); i++) {
            if (!sameType(one.getChildren().get(i), other.getChildren().get(i))) {
                return false;
            }
        }
        return true;
    }

    private static String type(Field field) {
        return field.getDictionary() == null ? String.valueOf(field.getType()) : "dictionary";
    }

    /** Columns whose values differ, bit for bit. Columns of other types are left to {@link #ofTypes}. */
    static List<String> ofValues(Frame before, Frame after) throws NpzException {
        List<FieldVector> ones = before.root().getFieldVectors();
        List<FieldVector> others = after.root().getFieldVectors();
        if (before.rowCount() != after.rowCount()) {
            return List.of("rows: " + before.rowCount() + " become " + after.rowCount());
        }
        int different = 0;
        int rows = Math.toIntExact(before.rowCount());
        for (int i = 0; i < Math.min(ones.size(), others.size()); i++) {
            if (sameType(ones.get(i).getField(), others.get(i).getField())
                    && !equal(ones.get(i), others.get(i), rows)) {
                different++;
            }
        }
        return different == 0 ? List.of() : List.of("values (" + columns(different) + ")");
    }

    private static boolean equal(FieldVector one, FieldVector other, int rows) {
        ValueBytes.Equality visitor = new ValueBytes.Equality(one, other, FrameLosses::any);
        return visitor.rangeEquals(new Range(0, 0, rows));
    }

    // Types were compared before; names of children differ between Arrow's libraries.
    private static boolean any(ValueVector one, ValueVector other) {
        return one.getMinorType() == other.getMinorType();
    }

    /** {@code 1 column}, {@code 2 columns}. */
    static String columns(int count) {
        return count == 1 ? "1 column" : count + " columns";
    }
}
