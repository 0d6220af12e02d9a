package org.arrownpz.flight;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.apache.arrow.flight.FlightDescriptor;

/**
 * Where a put goes, as a command descriptor: {@code {"v":1,"name":"prices","overwrite":true}}. A path descriptor of one
 * element says the same without overwriting.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param name the file in the directory, without its extension
 * @param overwrite whether an existing file is replaced
 */
public record PutCommand(String name, boolean overwrite) {
    private static final int VERSION = 1;
    private static final Set<String> KEYS = Set.of("v", "name", "overwrite");

    /** The descriptor to put with. */
    public FlightDescriptor toDescriptor() {
        return FlightDescriptor.command(
                Json.bytes(Json.object().put("v", VERSION).put("name", name).put("overwrite", overwrite)));
    }

    /**
     * Reads a client's descriptor.
     *
     * @throws IllegalArgumentException when it is not what it should be
     */
    static PutCommand parse(FlightDescriptor descriptor) {
        if (!descriptor.isCommand()) {
            return new PutCommand(ServedDirectory.name(descriptor), false);
        }
        JsonNode node = Json.read(descriptor.getCommand(), "command");
        if (node.path("v").asInt() != VERSION
                || !node.path("name").isTextual()
                || !(node.path("overwrite").isBoolean()
                        || node.path("overwrite").isMissingNode())) {
            throw new IllegalArgumentException(
                    "a command to put is {\"v\":1,\"name\":\"...\",\"overwrite\":true or false}");
        }
        Json.requireKeys(node, KEYS, "command to put");
        return new PutCommand(
                node.path("name").textValue(), node.path("overwrite").booleanValue());
    }
}
