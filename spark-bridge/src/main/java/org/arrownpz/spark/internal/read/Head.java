package org.arrownpz.spark.internal.read;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * What the headers of a file say.
 *
 * @param rows the number of rows
 * @param columns the columns, index levels first
 * @param indexLevels how many columns are index levels
 * @param composed whether columns are put together from Arrow buffers, so that core has to open the frame as a whole
 */
public record Head(long rows, List<Column> columns, int indexLevels, boolean composed) {
    /**
     * A column.
     *
     * @param name its name
     * @param field its Arrow field in message format
     * @param member the member that holds it; empty where several do
     * @param position its place in a two-dimensional block or a record, or -1 where it is the whole array
     */
    public record Column(String name, Field field, String member, int position) {}

    /** The place of each column among the columns, by name. */
    Map<String, Integer> places() {
        Map<String, Integer> places = new HashMap<>(columns.size() * 2);
        for (int i = 0; i < columns.size(); i++) {
            places.putIfAbsent(columns.get(i).name(), i);
        }
        return places;
    }
}
