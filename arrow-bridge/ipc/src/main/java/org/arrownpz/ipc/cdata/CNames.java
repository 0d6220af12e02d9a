package org.arrownpz.ipc.cdata;

import java.util.BitSet;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Names for the C Data interface, where they are C strings and end at their first NUL: a character that no name has
 * stands for it. Most schemas have no NUL, and their names stay as they are. Safe for use by several threads.
 */
public final class CNames {
    private static final char NUL = '\0';
    /** Unicode's private use area: no text that others wrote means anything by these. */
    private static final char FIRST = '\uE000';

    private static final char LAST = '\uF8FF';

    private final char standIn;

    private CNames(char standIn) {
        this.standIn = standIn;
    }

    /**
     * The stand-in for the names of some fields and their children.
     *
     * @throws IllegalArgumentException when the names hold NUL and all that may stand for it
     */
    public static CNames of(List<Field> fields) {
        BitSet used = new BitSet();
        collect(fields, used);
        if (!used.get(NUL)) {
            return new CNames(NUL);
        }
        int free = used.nextClearBit(FIRST);
        if (free > LAST) {
            throw new IllegalArgumentException(
                    "the names of columns hold NUL, and all characters that may stand for it");
        }
        return new CNames((char) free);
    }

    private static void collect(List<Field> fields, BitSet used) {
        for (Field field : fields) {
            String name = field.getName();
            if (name != null) {
                name.chars().forEach(used::set);
            }
            collect(field.getChildren(), used);
        }
    }

    /** Whether no name holds NUL, so that names stay as they are. */
    public boolean areExact() {
        return standIn == NUL;
    }

    /** A name without NUL. */
    public String escape(String name) {
        return name.replace(NUL, standIn);
    }

    /** The name that was escaped. */
    public String restore(String name) {
        return name.replace(standIn, NUL);
    }
}
