package org.arrownpz.compare.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A comparison as one JSON object. Times are in nanoseconds, sizes in bytes.
 *
 * <p>All methods are safe for use by several threads.
 */
public final class ComparisonJson {
    private ComparisonJson() {}

    /** Writes the object; the generator stays open. */
    public static void write(Comparison comparison, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("title", comparison.title());
        out.writeStringField("data", comparison.data());
        out.writeNumberField("rows", comparison.rows());
        out.writeNumberField("columns", comparison.columns());
        out.writeNumberField("value_bytes", comparison.valueBytes());
        out.writeStringField("checksum", comparison.checksum());
        out.writeStringField("conditions", Comparison.CONDITIONS);
        out.writeStringField("lazy", Comparison.LAZY);
        files(comparison, out);
        out.writeArrayFieldStart("results");
        for (Result result : comparison.results()) {
            result(comparison, result, out);
        }
        out.writeEndArray();
        fidelity(comparison.fidelity(), out);
        texts("missing", comparison.missing(), out);
        texts("verdict", comparison.verdict(), out);
        environment(comparison.environment(), out);
        out.writeEndObject();
    }

    private static void files(Comparison comparison, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("files");
        for (FileForm form : FileForm.values()) {
            Long bytes = comparison.sizes().get(form);
            if (bytes != null) {
                out.writeStartObject();
                out.writeStringField("form", form.key());
                out.writeStringField("label", form.label());
                out.writeNumberField("bytes", bytes);
                out.writeEndObject();
            }
        }
        out.writeEndArray();
    }

    private static void result(Comparison comparison, Result result, JsonGenerator out) throws IOException {
        out.writeStartObject();
        FileForm form = result.form();
        out.writeStringField("kind", result.kind().key());
        out.writeStringField("form", form == null ? null : form.key());
        out.writeStringField("program", result.program());
        out.writeNumberField("lazy_part", result.lazy());
        out.writeStringField("checksum", result.checksum());
        for (Operation operation : Operation.values()) {
            Measurement time = result.time(operation);
            if (time != null) {
                out.writeObjectFieldStart(operation.key());
                time(time, ratio(comparison, operation, time), out);
                out.writeEndObject();
            }
        }
        texts("notes", result.notes(), out);
        out.writeEndObject();
    }

    // Only what reads or writes every value stands beside a floor.
    private static @Nullable Double ratio(Comparison comparison, Operation operation, Measurement time) {
        Measurement floor = switch (operation) {
            case WRITE -> comparison.floor(Comparison.WRITE_FLOOR);
            case TOUCH -> comparison.floor(Comparison.READ_FLOOR);
            case OPEN, CELL -> null;
        };
        return floor == null ? null : time.over(floor);
    }

    private static void time(Measurement time, @Nullable Double ratio, JsonGenerator out) throws IOException {
        out.writeNumberField("median_ns", Math.round(time.median()));
        out.writeNumberField("best_ns", Math.round(time.best()));
        out.writeNumberField("quartile_1_ns", Math.round(time.low()));
        out.writeNumberField("quartile_3_ns", Math.round(time.high()));
        out.writeNumberField("samples", time.samples());
        if (ratio == null) {
            out.writeNullField("over_floor");
        } else {
            out.writeNumberField("over_floor", Math.round(ratio * 1000) / 1000.0);
        }
    }

    private static void fidelity(List<Fidelity> all, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("fidelity");
        for (Fidelity one : all) {
            out.writeStartObject();
            out.writeStringField("form", one.form().key());
            texts("lost", one.lost(), out);
            out.writeStringField("elsewhere", one.elsewhere());
            texts("lost_elsewhere", one.lostElsewhere(), out);
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void texts(String name, List<String> texts, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart(name);
        for (String text : texts) {
            out.writeString(text);
        }
        out.writeEndArray();
    }

    private static void environment(Environment environment, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("environment");
        out.writeStringField("system", environment.system());
        out.writeNumberField("processors", environment.processors());
        out.writeStringField("java", environment.java());
        out.writeNumberField("load_before", environment.loadBefore());
        out.writeNumberField("load_after", environment.loadAfter());
        out.writeEndObject();
    }
}
