package org.arrownpz.compare;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.arrownpz.compare.Comparison.Choice;
import org.arrownpz.compare.Comparison.Environment;
import org.arrownpz.compare.Comparison.Fidelity;
import org.arrownpz.compare.Comparison.Operation;
import org.arrownpz.compare.Comparison.Result;
import org.arrownpz.compare.Rounds.Measurement;
import org.arrownpz.support.JsonObject;
import org.jspecify.annotations.Nullable;

/** A comparison as one JSON object. */
record ComparisonJson(Comparison of) {
    JsonObject toJson() {
        return new JsonObject()
                .put("title", of.title())
                .put("data", of.data())
                .put("rows", of.rows())
                .put("columns", of.columns())
                .put("value_bytes", of.valueBytes())
                .put("checksum", of.checksum())
                .put("conditions", Comparison.CONDITIONS)
                .put("lazy", Comparison.LAZY)
                .put("files", objects(Arrays.asList(FileForm.values()), form -> file(form)))
                .put("results", objects(of.results(), this::json))
                .put("fidelity", objects(of.fidelity(), ComparisonJson::json))
                .put("missing", of.missing())
                .put("choices", objects(of.choices(), ComparisonJson::json))
                .put("verdict", of.verdict())
                .put("environment", json(of.environment()));
    }

    private static <T> List<JsonObject> objects(Collection<T> parts, Function<T, @Nullable JsonObject> json) {
        return parts.stream().map(json).filter(object -> object != null).toList();
    }

    private @Nullable JsonObject file(FileForm form) {
        Long bytes = of.sizes().get(form);
        return bytes == null ? null : form(form).put("label", of.label(form)).put("bytes", bytes);
    }

    private static JsonObject form(FileForm form) {
        return new JsonObject().put("form", form.key());
    }

    private JsonObject json(Result result) {
        FileForm form = result.form();
        JsonObject object = new JsonObject()
                .put("kind", result.kind().name().toLowerCase(Locale.ROOT))
                .put("form", form == null ? null : form.key())
                .put("program", result.program())
                .put("lazy_part", result.lazy())
                .put("checksum", result.checksum());
        for (Operation operation : Operation.values()) {
            Measurement time = result.time(operation);
            if (time != null) {
                object.put(operation.key(), time(time, operation));
            }
        }
        return object.put("notes", result.notes());
    }

    private JsonObject time(Measurement time, Operation operation) {
        // Only what reads or writes every value stands beside a floor.
        Measurement floor = of.floor(
                operation == Operation.WRITE
                        ? Comparison.WRITE_FLOOR
                        : operation == Operation.TOUCH ? of.readFloor() : null);
        return new JsonObject()
                .put("median_ns", Math.round(time.median()))
                .put("best_ns", Math.round(time.best()))
                .put("quartile_1_ns", Math.round(time.low()))
                .put("quartile_3_ns", Math.round(time.high()))
                .put("samples", time.samples())
                .put("over_floor", floor == null ? null : Math.round(time.over(floor) * 1000) / 1000.0);
    }

    private static JsonObject json(Choice choice) {
        Measurement write = choice.write();
        return new JsonObject()
                .put("role", choice.role().name().toLowerCase(Locale.ROOT))
                .put("form", choice.form().key())
                .put("reader", choice.reader())
                .put("bytes", choice.bytes())
                .put("touch_ns", Math.round(choice.read().median()))
                .put("write_ns", write == null ? null : Math.round(write.median()))
                .put("lost", choice.fidelity().lost())
                .put("lost_elsewhere", choice.fidelity().lostElsewhere());
    }

    private static JsonObject json(Fidelity one) {
        return form(one.form())
                .put("lost", one.lost())
                .put("elsewhere", one.elsewhere())
                .put("lost_elsewhere", one.lostElsewhere());
    }

    private static JsonObject json(Environment on) {
        return new JsonObject()
                .put("system", on.system())
                .put("processors", on.processors())
                .put("java", on.java())
                .put("load_before", on.loadBefore())
                .put("load_after", on.loadAfter());
    }
}
