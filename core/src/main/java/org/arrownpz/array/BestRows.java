package org.arrownpz.array;

import java.util.stream.IntStream;

/**
 * The rows of the least keys so far, and among those of one key the first ones; keys that are no numbers are the greatest.
 * A heap with the worst row on top. Used by one thread.
 */
final class BestRows {
    private final long[] rows;
    private final double[] keys;
    private int size;

    /** Takes rows with their keys. */
    interface Taker {
        void take(long row, double key);
    }

    BestRows(int count) {
        this.rows = new long[count];
        this.keys = new double[count];
    }

    void add(long row, double key) {
        if (size < rows.length) {
            rise(size++, row, key);
        } else if (size > 0 && !(key > keys[0]) && isWorse(rows[0], keys[0], row, key)) {
            sink(row, key);
        }
    }

    /** The greatest key of all; NaN as long as every row is taken. */
    double worst() {
        return size > 0 && size == rows.length ? keys[0] : Double.NaN;
    }

    void addAll(BestRows other) {
        for (int i = 0; i < other.size; i++) {
            add(other.rows[i], other.keys[i]);
        }
    }

    /** Gives all rows, the best first. */
    void sorted(Taker taker) {
        IntStream.range(0, size)
                .boxed()
                .sorted((a, b) -> isWorse(rows[a], keys[a], rows[b], keys[b]) ? 1 : a.equals(b) ? 0 : -1)
                .forEach(i -> taker.take(rows[i], keys[i]));
    }

    private static boolean isWorse(long row, double key, long other, double otherKey) {
        int order = Double.compare(key, otherKey);
        return order > 0 || order == 0 && row > other;
    }

    private void rise(int from, long row, double key) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (!isWorse(row, key, rows[parent], keys[parent])) {
                break;
            }
            put(at, rows[parent], keys[parent]);
            at = parent;
        }
        put(at, row, key);
    }

    private void sink(long row, double key) {
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && isWorse(rows[child + 1], keys[child + 1], rows[child], keys[child])) {
                child++;
            }
            if (!isWorse(rows[child], keys[child], row, key)) {
                break;
            }
            put(at, rows[child], keys[child]);
            at = child;
        }
        put(at, row, key);
    }

    private void put(int at, long row, double key) {
        rows[at] = row;
        keys[at] = key;
    }
}
