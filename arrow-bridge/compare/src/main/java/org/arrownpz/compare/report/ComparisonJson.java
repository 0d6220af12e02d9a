package org.arrownpz.compare.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.arrownpz.ipc.internal.JsonObject;
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
        new JsonObject()
                .put("title", comparison.title())
                .put("data", comparison.data())
                .put("rows", comparison.rows())
                .put("columns", comparison.columns())
                .put("value_bytes", comparison.valueBytes())
                .put("checksum", comparison.checksum())
                .put("conditions", Comparison.CONDITIONS)
                .put("lazy", Comparison.LAZY)
                .put(
                        "files",
                        Arrays.stream(FileForm.values())
                                .filter(comparison.sizes()::containsKey)
                                .map(form -> file(comparison, form))
                                .toList())
                .put(
                        "results",
                        comparison.results().stream()
                                .map(result -> result(comparison, result))
                                .toList())
                .put(
                        "fidelity",
                        comparison.fidelity().stream()
                                .map(ComparisonJson::fidelity)
                                .toList())
                .put("missing", comparison.missing())
                .put(
                        "choices",
                        comparison.choices().stream()
                                .map(ComparisonJson::choice)
                                .toList())
                .put("verdict", comparison.verdict())
                .put("environment", environment(comparison.environment()))
                .writeTo(out);
    }

    private static JsonObject file(Comparison comparison, FileForm form) {
        return new JsonObject()
                .put("form", form.key())
                .put("label", comparison.label(form))
                .put("bytes", comparison.sizes().get(form));
    }

    private static JsonObject result(Comparison comparison, Result result) {
        FileForm form = result.form();
        JsonObject object = new JsonObject()
                .put("kind", result.kind().key())
                .put("form", form == null ? null : form.key())
                .put("program", result.program())
                .put("lazy_part", result.lazy())
                .put("checksum", result.checksum());
        for (Operation operation : Operation.values()) {
            Measurement time = result.time(operation);
            if (time != null) {
                object.put(operation.key(), time(time, ratio(comparison, operation, time)));
            }
        }
        return object.put("notes", result.notes());
    }

    // Only what reads or writes every value stands beside a floor.
    private static @Nullable Double ratio(Comparison comparison, Operation operation, Measurement time) {
        Measurement floor = switch (operation) {
            case WRITE -> comparison.floor(Comparison.WRITE_FLOOR);
            case TOUCH -> comparison.floor(comparison.readFloor());
            case OPEN, CELL, TAKE, OPEN_TAKE -> null;
        };
        return floor == null ? null : Math.round(time.over(floor) * 1000) / 1000.0;
    }

    private static JsonObject time(Measurement time, @Nullable Double ratio) {
        return new JsonObject()
                .put("median_ns", Math.round(time.median()))
                .put("best_ns", Math.round(time.best()))
                .put("quartile_1_ns", Math.round(time.low()))
                .put("quartile_3_ns", Math.round(time.high()))
                .put("samples", time.samples())
                .put("over_floor", ratio);
    }

    private static JsonObject choice(Choice choice) {
        Measurement write = choice.write();
        return new JsonObject()
                .put("role", choice.role().name().toLowerCase(Locale.ROOT))
                .put("form", choice.form().key())
                .put("reader", choice.reader())
                .put("bytes", choice.bytes())
                .put("touch_ns", Math.round(choice.read().median()))
                .put("write_ns", write == null ? null : Math.round(write.median()))
                .put("lost", choice.lost())
                .put("lost_elsewhere", choice.lostElsewhere());
    }

    private static JsonObject fidelity(Fidelity one) {
        return new JsonObject()
                .put("form", one.form().key())
                .put("lost", one.lost())
                .put("elsewhere", one.elsewhere())
                .put("lost_elsewhere", one.lostElsewhere());
    }

    private static JsonObject environment(Environment environment) {
        return new JsonObject()
                .put("system", environment.system())
                .put("processors", environment.processors())
                .put("java", environment.java())
                .put("load_before", environment.loadBefore())
                .put("load_after", environment.loadAfter());
    }
}
