package org.arrownpz.frame.label;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The class of an index as {@code __meta__.json} names it.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param type the kind of index
 * @param growOnly whether it is the grow-only variant that a FrameGO has for its columns
 */
public record IndexClass(IndexType type, boolean growOnly) {
    public static final IndexClass INDEX = new IndexClass(IndexType.INDEX, false);
    public static final IndexClass HIERARCHY = new IndexClass(IndexType.HIERARCHY, false);

    // A fixed table: names in files never select code.
    private static final Map<String, IndexClass> BY_NAME = new HashMap<>();

    static {
        for (IndexType type : IndexType.values()) {
            BY_NAME.put(type.className(), new IndexClass(type, false));
            BY_NAME.put(type.className() + "GO", new IndexClass(type, true));
        }
    }

    /** The class of that name, or null. */
    public static @Nullable IndexClass ofName(String name) {
        return BY_NAME.get(name);
    }

    public static IndexClass of(IndexType type) {
        return new IndexClass(type, false);
    }

    /** StaticFrame's class name. */
    public String className() {
        return growOnly ? type.className() + "GO" : type.className();
    }

    @Override
    public String toString() {
        return className();
    }
}
