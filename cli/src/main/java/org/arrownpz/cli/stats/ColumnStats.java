package org.arrownpz.cli.stats;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.cli.cell.Cell;
import org.arrownpz.cli.cell.Cells;
import org.arrownpz.cli.cell.FloatText;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.cell.TextSink;
import org.arrownpz.cli.cell.TypeText;
import org.arrownpz.internal.text.SafeText;
import org.arrownpz.ipc.internal.JsonObject;
import org.jspecify.annotations.Nullable;

/** The statistics of one column, gathered batch by batch. Used by one thread. */
public final class ColumnStats {
    /** The JSON keys of a column's statistics, in order; the table's headers too. */
    public static final List<String> KEYS =
            List.of("column", "type", "count", "nulls", "nan", "min", "max", "mean", "min_length", "max_length");

    private static final int MAX_CELL = 40;

    private final Field field;
    private @Nullable Measure measure;
    private long rows;
    private long count;
    private @Nullable String minJson;
    private @Nullable String maxJson;
    private String minText = "";
    private String maxText = "";

    public ColumnStats(Field field) {
        this.field = field;
    }

    /** Takes the next rows of the column. */
    public void add(FieldVector vector, DictionaryProvider dictionaries) throws IOException {
        Measure taken = measure == null ? Measure.of(vector, dictionaries) : measure;
        measure = taken;
        rows += vector.getValueCount();
        count += taken.add(vector, dictionaries);
        Extremes extremes = taken.extremes();
        if (extremes != null && (extremes.minRow >= 0 || extremes.maxRow >= 0)) {
            Cell cell = new Cells(dictionaries).of(vector);
            if (extremes.minRow >= 0) {
                minJson = JsonLines.text(cell, extremes.minRow);
                minText = text(cell, extremes.minRow);
            }
            if (extremes.maxRow >= 0) {
                maxJson = JsonLines.text(cell, extremes.maxRow);
                maxText = text(cell, extremes.maxRow);
            }
        }
    }

    private static String text(Cell cell, int row) throws IOException {
        TextSink sink = new TextSink(MAX_CELL);
        cell.write(row, sink);
        return sink.take();
    }

    /** One JSON object with {@link #KEYS}. */
    public JsonObject toJson() {
        JsonObject object = new JsonObject().put("column", field.getName()).put("type", TypeText.of(field));
        return put(
                object,
                minJson == null ? null : new JsonObject.Raw(minJson),
                maxJson == null ? null : new JsonObject.Raw(maxJson));
    }

    /** The same in the cells of a table; empty where there is nothing to say. */
    public List<String> toCells() {
        List<String> cells = new ArrayList<>(KEYS.size());
        cells.add(SafeText.escape(field.getName(), MAX_CELL));
        cells.add(SafeText.escape(TypeText.of(field), MAX_CELL));
        for (Object value : put(new JsonObject(), minText, maxText).members().values()) {
            cells.add(value == null ? "" : value instanceof JsonObject.Raw raw ? raw.json() : String.valueOf(value));
        }
        return cells;
    }

    private JsonObject put(JsonObject object, @Nullable Object min, @Nullable Object max) {
        Extremes values = measure == null ? null : measure.extremes();
        return object.put("count", count)
                .put("nulls", rows - count)
                .putKnown("nan", values == null ? -1 : values.nans())
                .put("min", min)
                .put("max", max)
                .put("mean", values == null ? null : mean(values))
                .putKnown("min_length", measure == null ? -1 : measure.minLength())
                .putKnown("max_length", measure == null ? -1 : measure.maxLength());
    }

    private @Nullable Object mean(Extremes values) {
        BigDecimal exact = values.exactMean();
        double mean = values.mean();
        if (exact != null) {
            return new JsonObject.Raw(exactText(exact));
        }
        String text = FloatText.of(mean);
        return Double.isNaN(mean) ? null : Double.isInfinite(mean) ? text : new JsonObject.Raw(text);
    }

    private String exactText(BigDecimal mean) {
        // A mean of integers is seldom one; as a double it has the digits that others show.
        return measure != null && measure.isDecimal()
                ? mean.stripTrailingZeros().toPlainString()
                : FloatText.of(mean.doubleValue());
    }
}
