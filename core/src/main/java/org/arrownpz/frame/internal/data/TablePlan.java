package org.arrownpz.frame.internal.data;

import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.arrownpz.NpzException;
import org.arrownpz.frame.internal.data.FrameState.Form;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.Label;
import org.arrownpz.internal.memory.AllValidBitmaps;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.vector.read.VectorReader;
import org.jspecify.annotations.Nullable;

/**
 * A file as a table, settled from its headers before a value is read.
 *
 * @param columns the index of the selected columns
 * @param rows the number of rows, -1 where arrays differ in it
 * @param sources where index levels and selected columns come from
 * @param blocks all arrays that the columns lie in; none where not all were opened
 * @param dictionaries reads the dictionaries of a file that states the columns' fields; null for other files
 */
public record TablePlan(
        Label name,
        FrameAxis index,
        FrameAxis columns,
        long rows,
        List<ColumnSource> sources,
        List<NumpyArray> blocks,
        Form form,
        boolean uniqueIndex,
        Map<String, String> origin,
        @Nullable DictionaryReader dictionaries) {
    /** A table without stored labels of rows. */
    public static TablePlan of(
            FrameAxis columns, long rows, List<ColumnSource> sources, List<NumpyArray> arrays, Form form) {
        FrameAxis index = FrameAxis.automatic(Math.max(rows, 0));
        return new TablePlan(Label.NONE, index, columns, rows, sources, arrays, form, false, Map.of(), null);
    }

    /** The same with other columns, without the blocks. */
    TablePlan withSources(List<ColumnSource> other) {
        return new TablePlan(name, index, columns, rows, other, List.of(), form, uniqueIndex, origin, dictionaries);
    }

    /** Whether there are more rows than a vector holds, so that columns are read in parts only. */
    public boolean isPaged() {
        return rows > VectorReader.MAX_ROWS;
    }

    /** Makes dictionaries. */
    public interface DictionaryReader {
        /** Adds the dictionaries' values to a list, which the caller closes, also on failure. */
        void read(
                BufferAllocator allocator,
                AllValidBitmaps ones,
                MapDictionaryProvider dictionaries,
                List<FieldVector> owned)
                throws NpzException;
    }
}
