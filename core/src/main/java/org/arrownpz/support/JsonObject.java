package org.arrownpz.support;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object that is put together member by member, without data binding, which takes long to load. For one thread. */
public final class JsonObject {
    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

    /** A value that is JSON already. */
    public record Raw(String json) {}

    /** Adds a text, number, boolean, object, list of these, {@link Raw} or null. */
    public JsonObject put(String name, @Nullable Object value) {
        members.put(name, value);
        return this;
    }

    /** Adds a number, or null for a negative one, which stands for none. */
    public JsonObject putKnown(String name, long number) {
        return put(name, number < 0 ? null : number);
    }

    /** The members, in the order in which they were added. */
    public Map<String, @Nullable Object> members() {
        return members;
    }

    /** Writes the object; the generator stays open. */
    public void writeTo(JsonGenerator out) throws IOException {
        write(this, out);
    }

    private static void write(@Nullable Object value, JsonGenerator out) throws IOException {
        if (value instanceof JsonObject object) {
            out.writeStartObject();
            for (Map.Entry<String, @Nullable Object> member : object.members.entrySet()) {
                out.writeFieldName(member.getKey());
                write(member.getValue(), out);
            }
            out.writeEndObject();
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object item : list) {
                write(item, out);
            }
            out.writeEndArray();
        } else if (value instanceof Raw raw) {
            out.writeRawValue(raw.json);
        } else {
            out.writePOJO(value);
        }
    }
}
