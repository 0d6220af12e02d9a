package org.arrownpz.flight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Set;

/** What clients send as tickets and commands: one JSON object of known keys and no more. */
final class Json {
    private static final int MAX_BYTES = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static byte[] bytes(ObjectNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads an object.
     *
     * @param what the object's name in messages
     * @throws IllegalArgumentException when it is too long, no JSON or no object
     */
    static JsonNode read(byte[] bytes, String what) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("the " + what + " is too long");
        }
        JsonNode node;
        try {
            node = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the " + what + " is no JSON", e);
        }
        if (node == null || !node.isObject()) {
            throw new IllegalArgumentException("the " + what + " is no JSON object");
        }
        return node;
    }

    static void requireKeys(JsonNode node, Set<String> keys, String what) {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            if (!keys.contains(names.next())) {
                throw new IllegalArgumentException("the " + what + " has other keys than " + keys);
            }
        }
    }
}
