package org.arrownpz.compare;

import java.util.Arrays;
import java.util.List;

/** Whether labels are unique, as every index of StaticFrame is. */
final class LabelKeys {
    private LabelKeys() {}

    /** Whether no two positions have equal keys in all levels. */
    static boolean unique(List<long[]> levels) {
        long[] combined = ranks(levels.get(0));
        for (long[] level : levels.subList(1, levels.size())) {
            long[] ranks = ranks(level);
            long radix = ranks.length;
            for (int i = 0; i < combined.length; i++) {
                combined[i] = combined[i] * radix + ranks[i];
            }
            combined = ranks(combined);
        }
        Arrays.sort(combined);
        for (int i = 1; i < combined.length; i++) {
            if (combined[i] == combined[i - 1]) {
                return false;
            }
        }
        return true;
    }

    // Numbers below the count that are equal where the keys are: two of them combine without overflow.
    private static long[] ranks(long[] keys) {
        long[] sorted = keys.clone();
        Arrays.sort(sorted);
        int distinct = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (distinct == 0 || sorted[i] != sorted[distinct - 1]) {
                sorted[distinct++] = sorted[i];
            }
        }
        long[] ranks = new long[keys.length];
        for (int i = 0; i < keys.length; i++) {
            ranks[i] = Arrays.binarySearch(sorted, 0, distinct, keys[i]);
        }
        return ranks;
    }
}
