package org.arrownpz.flight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.flight.FlightDescriptor;

/**
 * Where a put goes, as a command descriptor: {@code {"v":1,"name":"prices","overwrite":true}}. A path descriptor of one
 * element says the same without overwriting.
 *
 * @param name the file in the directory, without its extension
 * @param overwrite whether an existing file is replaced
 */
public record PutCommand(String name, boolean overwrite) {
    private static final int VERSION = 1;
    private static final int MAX_BYTES = 1 << 16;
    private static final JsonMapper JSON = new JsonMapper();

    /** The descriptor to put with. */
    public FlightDescriptor toDescriptor() {
        String text = JSON.createObjectNode()
                .put("v", VERSION)
                .put("name", name)
                .put("overwrite", overwrite)
                .toString();
        return FlightDescriptor.command(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads a client's descriptor.
     *
     * @throws IllegalArgumentException when it is not what it should be
     */
    static PutCommand parse(FlightDescriptor descriptor) {
        if (!descriptor.isCommand()) {
            return new PutCommand(Shelf.name(descriptor), false);
        }
        byte[] command = descriptor.getCommand();
        try {
            JsonNode node = command.length > MAX_BYTES
                    ? JSON.nullNode()
                    : JSON.readTree(new String(command, StandardCharsets.UTF_8));
            if (node == null
                    || node.path("v").asInt() != VERSION
                    || !node.path("name").isTextual()
                    || !(node.path("overwrite").isBoolean()
                            || node.path("overwrite").isMissingNode())) {
                throw new IllegalArgumentException(
                        "a command to put is {\"v\":1,\"name\":\"...\",\"overwrite\":true or false}");
            }
            return new PutCommand(
                    node.path("name").textValue(), node.path("overwrite").booleanValue());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the command is no JSON", e);
        }
    }
}
