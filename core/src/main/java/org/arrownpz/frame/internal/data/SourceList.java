package org.arrownpz.frame.internal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;

/** Sources side by side, whose columns are counted through, and the one search for a column among them. Immutable. */
public final class SourceList {
    private final List<ColumnSource> sources;
    /** The position of each source's first column, and the number of columns behind the last. */
    private final int[] firsts;

    public SourceList(List<ColumnSource> sources) {
        this.sources = sources;
        this.firsts = new int[sources.size() + 1];
        for (int i = 0; i < sources.size(); i++) {
            firsts[i + 1] = firsts[i] + sources.get(i).count();
        }
    }

    /** The number of columns. */
    int count() {
        return firsts[sources.size()];
    }

    /** The number of the source that has a column. */
    public int source(int column) {
        int found = Arrays.binarySearch(firsts, column);
        found = found < 0 ? -found - 2 : found;
        // Sources without columns share their first column with the next one.
        while (firsts[found + 1] == column) {
            found++;
        }
        return found;
    }

    public ColumnSource get(int source) {
        return sources.get(source);
    }

    /** The position of a source's first column. */
    public int first(int source) {
        return firsts[source];
    }

    /** A fact that the source of a column knows of it. */
    boolean at(int column, BiPredicate<ColumnSource, Integer> fact) {
        int source = source(column);
        return fact.test(sources.get(source), column - firsts[source]);
    }

    /** Some columns: a source for each run that lies in one. */
    public List<ColumnSource> select(int[] columns) {
        List<ColumnSource> chosen = new ArrayList<>();
        for (int next = 0, end; next < columns.length; next = end) {
            int source = source(columns[next]);
            int first = firsts[source];
            boolean whole = columns[next] == first;
            for (end = next + 1; end < columns.length && isIn(source, columns[end]); end++) {
                whole &= columns[end] == columns[end - 1] + 1;
            }
            ColumnSource all = sources.get(source);
            int[] run = Arrays.copyOfRange(columns, next, end);
            chosen.add(
                    whole && run.length == all.count()
                            ? all
                            : all.some(Arrays.stream(run)
                                    .map(column -> column - first)
                                    .toArray()));
        }
        return chosen;
    }

    private boolean isIn(int source, int column) {
        return column >= firsts[source] && column < firsts[source + 1];
    }
}
