package org.arrownpz.cli.stats;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.cli.cell.Cell;
import org.arrownpz.cli.cell.Cells;
import org.arrownpz.cli.cell.FloatText;
import org.arrownpz.cli.cell.JsonSink;
import org.arrownpz.cli.cell.TextSink;
import org.arrownpz.cli.cell.TypeText;
import org.arrownpz.internal.text.SafeText;
import org.jspecify.annotations.Nullable;

/** The statistics of one column, gathered batch by batch. Used by one thread. */
public final class ColumnStats {
    /** The JSON keys of a column's statistics, in order; the table's headers too. */
    public static final List<String> KEYS =
            List.of("column", "type", "count", "nulls", "nan", "min", "max", "mean", "min_length", "max_length");

    /** Makes generators of JSON without spaces over a stream. */
    @FunctionalInterface
    public interface Generators {
        JsonGenerator over(ByteArrayOutputStream out) throws IOException;
    }

    private static final int MAX_CELL = 40;

    private final Field field;
    private final Generators generators;
    private @Nullable Measure measure;
    private long rows;
    private long count;
    private @Nullable String minJson;
    private @Nullable String maxJson;
    private String minText = "";
    private String maxText = "";

    public ColumnStats(Field field, Generators generators) {
        this.field = field;
        this.generators = generators;
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
                minJson = json(cell, extremes.minRow);
                minText = text(cell, extremes.minRow);
            }
            if (extremes.maxRow >= 0) {
                maxJson = json(cell, extremes.maxRow);
                maxText = text(cell, extremes.maxRow);
            }
        }
    }

    private String json(Cell cell, int row) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = generators.over(bytes)) {
            cell.write(row, new JsonSink(generator));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String text(Cell cell, int row) throws IOException {
        TextSink sink = new TextSink(MAX_CELL);
        cell.write(row, sink);
        return sink.take();
    }

    /** Writes one JSON object with {@link #KEYS}. */
    public void writeTo(JsonGenerator out) throws IOException {
        Extremes values = measure == null ? null : measure.extremes();
        out.writeStartObject();
        out.writeStringField("column", field.getName());
        out.writeStringField("type", TypeText.of(field));
        out.writeNumberField("count", count);
        out.writeNumberField("nulls", rows - count);
        number(out, "nan", values == null ? -1 : values.nans());
        raw(out, "min", minJson);
        raw(out, "max", maxJson);
        BigDecimal exact = values == null ? null : values.exactMean();
        if (exact != null) {
            raw(out, "mean", exactText(exact));
        } else if (values != null && !Double.isNaN(values.mean())) {
            out.writeFieldName("mean");
            new JsonSink(out).real(values.mean(), FloatText.of(values.mean()));
        } else {
            out.writeNullField("mean");
        }
        number(out, "min_length", measure == null ? -1 : measure.minLength());
        number(out, "max_length", measure == null ? -1 : measure.maxLength());
        out.writeEndObject();
    }

    /** The same in the cells of a table; empty where there is nothing to say. */
    public List<String> toCells() {
        Extremes values = measure == null ? null : measure.extremes();
        List<String> cells = new ArrayList<>(KEYS.size());
        cells.add(SafeText.escape(field.getName(), MAX_CELL));
        cells.add(SafeText.escape(TypeText.of(field), MAX_CELL));
        cells.add(Long.toString(count));
        cells.add(Long.toString(rows - count));
        cells.add(values == null || values.nans() < 0 ? "" : Long.toString(values.nans()));
        cells.add(minText);
        cells.add(maxText);
        BigDecimal exact = values == null ? null : values.exactMean();
        double mean = values == null ? Double.NaN : values.mean();
        cells.add(exact != null ? exactText(exact) : Double.isNaN(mean) ? "" : FloatText.of(mean));
        cells.add(measure == null || measure.minLength() < 0 ? "" : Long.toString(measure.minLength()));
        cells.add(measure == null || measure.maxLength() < 0 ? "" : Long.toString(measure.maxLength()));
        return cells;
    }

    private String exactText(BigDecimal mean) {
        // A mean of integers is seldom one; as a double it has the digits that others show.
        return measure != null && measure.isDecimal()
                ? mean.stripTrailingZeros().toPlainString()
                : FloatText.of(mean.doubleValue());
    }

    private static void number(JsonGenerator out, String key, long value) throws IOException {
        if (value < 0) {
            out.writeNullField(key);
        } else {
            out.writeNumberField(key, value);
        }
    }

    private static void raw(JsonGenerator out, String key, @Nullable String json) throws IOException {
        out.writeFieldName(key);
        if (json == null) {
            out.writeNull();
        } else {
            out.writeRawValue(json);
        }
    }
}
