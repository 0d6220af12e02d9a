package org.arrownpz.frame.label;

import java.util.List;

/**
 * The facts of StaticFrame on an axis beside its labels. Immutable.
 *
 * @param depth the number of levels that the file states
 * @param levelClasses the classes of the levels of a hierarchy, outermost first; empty otherwise
 */
public record AxisType(IndexClass indexClass, int depth, Label name, List<IndexClass> levelClasses) {
    public AxisType {
        levelClasses = List.copyOf(levelClasses);
    }

    /** An axis of one level. */
    public static AxisType flat(IndexClass indexClass, Label name) {
        return new AxisType(indexClass, 1, name, List.of());
    }

    /** An axis with a level of each class: a hierarchy where there are several. */
    public static AxisType of(List<IndexClass> classes, Label name) {
        return classes.size() == 1
                ? flat(classes.get(0), name)
                : new AxisType(
                        new IndexClass(IndexType.HIERARCHY, classes.get(0).growOnly()), classes.size(), name, classes);
    }

    AxisType withName(Label newName) {
        return new AxisType(indexClass, depth, newName, levelClasses);
    }
}
