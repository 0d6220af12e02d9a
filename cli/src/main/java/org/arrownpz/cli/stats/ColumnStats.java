package org.arrownpz.cli.stats;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.SafeText;
import org.arrownpz.array.ArrayStats;
import org.arrownpz.cli.cell.Cell;
import org.arrownpz.cli.cell.Cells;
import org.arrownpz.cli.cell.Figures;
import org.arrownpz.cli.cell.FloatText;
import org.arrownpz.cli.cell.JsonLines;
import org.arrownpz.cli.cell.TextSink;
import org.arrownpz.cli.cell.TypeName;
import org.arrownpz.cli.cell.TypeName.TypeText;
import org.arrownpz.support.JsonObject;
import org.jspecify.annotations.Nullable;

/** The statistics of one column, gathered batch by batch. Used by one thread. */
public final class ColumnStats {
    private static final int MAX_CELL = 40;
    private static final int MAX_JSON = 500;

    private final Field field;
    private final String type;
    private Measure measure = Measure.NONE;
    private long rows;
    private long count;
    private @Nullable String minJson;
    private @Nullable String maxJson;
    private String minText = "";
    private String maxText = "";
    private final Map<Long, Profile.Top> frequent = new HashMap<>();
    private Profile profile = Profile.NONE;
    /** Of columns of vectors: what all their numbers are. */
    private @Nullable ArrayStats vectors;

    /** @param dictionaries for the type of the column's values */
    public ColumnStats(Field field, DictionaryProvider dictionaries) {
        this.field = field;
        this.type = TypeText.of(field, dictionaries);
    }

    /** Takes the next rows of the column. */
    public void add(FieldVector vector, DictionaryProvider dictionaries) throws IOException {
        measure = measure == Measure.NONE ? Measure.of(vector, dictionaries) : measure;
        Measure taken = measure;
        rows += vector.getValueCount();
        count += taken.add(vector, dictionaries);
        if (vector instanceof FixedSizeListVector) {
            ArrayStats numbers = vectors == null ? new ArrayStats() : vectors;
            vectors = numbers.add(vector) ? numbers : null;
            minText = vectors == null ? "" : Figures.value(numbers.min());
            maxText = vectors == null ? "" : Figures.value(numbers.max());
        }
        Extremes measured = taken.any();
        if (measured == null) {
            return;
        }
        Cell cell = new Cells(dictionaries).of(vector);
        if (measured == taken.extremes()) {
            if (measured.minRow >= 0) {
                minJson = JsonLines.text(cell, measured.minRow);
                minText = text(cell, measured.minRow);
            }
            if (measured.maxRow >= 0) {
                maxJson = JsonLines.text(cell, measured.maxRow);
                maxText = text(cell, measured.maxRow);
            }
        }
        addFrequent(measured, taken, cell);
    }

    // A value that has become one of the most frequent came in this batch, and can be read in it.
    private void addFrequent(Extremes measured, Measure taken, Cell cell) throws IOException {
        Distinct distinct = measured.distinct();
        for (int slot : distinct.top(Profile.TOP)) {
            int row = distinct.row(slot);
            if (row >= 0 && !frequent.containsKey(distinct.key(slot))) {
                String length = Long.toString(distinct.key(slot));
                boolean lengths = taken.extremes() == null && measured.keys == null;
                String json = lengths ? length : cut(JsonLines.text(cell, row));
                frequent.put(distinct.key(slot), new Profile.Top(json, lengths ? "len " + length : text(cell, row), 0));
            }
        }
    }

    private static String cut(String json) {
        return json.length() <= MAX_JSON
                ? json
                : '"' + SafeText.escape(json, MAX_JSON).replace('"', '\'').replace('\\', '/') + '"';
    }

    /** Ends the column: nothing is added any more, and memory that only adding needs is given up. */
    public void finish() {
        Extremes measured = measure.any();
        if (measured == null || profile != Profile.NONE) {
            return;
        }
        Distinct distinct = measured.distinct();
        List<Profile.Top> top = new ArrayList<>();
        for (int slot : distinct.top(Profile.TOP)) {
            Profile.Top value = frequent.get(distinct.key(slot));
            if (value != null) {
                top.add(new Profile.Top(value.json(), value.text(), distinct.count(slot)));
            }
        }
        boolean lengths = isLengths();
        boolean numbers = lengths || TypeName.isNumber(field);
        profile = Profile.of(measured.sample(), numbers, distinct, !lengths || measured.keys != null, top);
        measured.forget();
        frequent.clear();
    }

    /** The spread, once {@link #finish() finished}. */
    public Profile profile() {
        return profile;
    }

    public Field field() {
        return field;
    }

    public long rows() {
        return rows;
    }

    public long nulls() {
        return rows - count;
    }

    /** The number of NaN, or -1 where the type has none. */
    public long nans() {
        if (vectors != null) {
            return vectors.nans();
        }
        Extremes values = measure.extremes();
        return values == null ? -1 : values.nans();
    }

    /** Whether lengths are measured, of texts, binaries or lists. */
    public boolean isLengths() {
        return measure.extremes() == null && measure.any() != null;
    }

    public long minLength() {
        return measure.minLength();
    }

    public long maxLength() {
        return measure.maxLength();
    }

    /** The least value as text; empty where there is none. */
    public String minText() {
        return minText;
    }

    /** The greatest value as text; empty where there is none. */
    public String maxText() {
        return maxText;
    }

    /** The mean, or NaN where there is none. */
    public double mean() {
        if (vectors != null) {
            return vectors.mean();
        }
        Extremes values = measure.extremes();
        if (values == null) {
            return Double.NaN;
        }
        BigDecimal exact = values.exactMean();
        return exact == null ? values.mean() : exact.doubleValue();
    }

    private static String text(Cell cell, int row) throws IOException {
        TextSink sink = new TextSink(MAX_CELL);
        cell.write(row, sink);
        return sink.take();
    }

    /** One JSON object. */
    public JsonObject toJson() {
        ArrayStats numbers = vectors;
        Extremes values = measure.extremes();
        boolean lengths = isLengths();
        Object deviation = real(profile.deviation());
        JsonObject object = new JsonObject()
                .put("column", field.getName())
                .put("type", type)
                .put("count", count)
                .put("nulls", rows - count)
                .putKnown("nan", nans())
                .put("min", numbers != null ? numbers.min() : raw(minJson))
                .put("max", numbers != null ? numbers.max() : raw(maxJson))
                .put("mean", numbers != null ? real(numbers.mean()) : values == null ? null : mean(values))
                .putKnown("min_length", measure.minLength())
                .putKnown("max_length", measure.maxLength())
                .put("std", lengths ? null : deviation)
                .put("mean_length", lengths ? real(profile.mean()) : null)
                .put("std_length", lengths ? deviation : null);
        profile.put(object);
        return object.putKnown("infinities", numbers == null ? -1 : numbers.infinities())
                .put("norm", numbers == null ? null : real(numbers.norm()));
    }

    private static JsonObject.@Nullable Raw raw(@Nullable String json) {
        return json == null ? null : new JsonObject.Raw(json);
    }

    static @Nullable Object real(double value) {
        String text = FloatText.of(value);
        return Double.isNaN(value) ? null : Double.isInfinite(value) ? text : new JsonObject.Raw(text);
    }

    private @Nullable Object mean(Extremes values) {
        BigDecimal exact = values.exactMean();
        return exact == null ? real(values.mean()) : new JsonObject.Raw(exactText(exact));
    }

    private String exactText(BigDecimal mean) {
        // A mean of integers is seldom one; as a double it has the digits that others show.
        return measure.isDecimal() ? mean.stripTrailingZeros().toPlainString() : FloatText.of(mean.doubleValue());
    }
}
