package org.arrownpz.ipc.internal.message;

import java.util.ArrayList;
import java.util.List;

/** The messages about one dictionary: a whole one starts a version, deltas extend it. */
public final class DictionaryLog {
    private final List<Entry> entries = new ArrayList<>();

    /**
     * One message.
     *
     * @param number among the dictionary messages of the file or stream
     * @param start the place in the log of the whole dictionary that this one is, or belongs to; -1 for a delta of none
     */
    public record Entry(int number, MappedMessages.Block block, int start) {}

    void add(int number, MappedMessages.Block block, boolean delta) {
        int start = !delta ? entries.size() : entries.isEmpty() ? -1 : entries.get(entries.size() - 1).start;
        entries.add(new Entry(number, block, start));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    public Entry get(int place) {
        return entries.get(place);
    }

    /** The place of the last entry before a dictionary message, or -1. */
    public int lastBefore(int number) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).number < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }
}
