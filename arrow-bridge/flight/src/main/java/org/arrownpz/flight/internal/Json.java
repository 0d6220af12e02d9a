package org.arrownpz.flight.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** The tickets and commands of clients: one JSON object of known keys and no more. */
public final class Json {
    private static final int MAX_BYTES = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    public static byte[] bytes(ObjectNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads an object.
     *
     * @param what the object's name in messages
     * @throws IllegalArgumentException when it is too long, no JSON or no object
     */
    public static JsonNode read(byte[] bytes, String what) {
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

    public static void requireKeys(JsonNode node, Set<String> keys, String what) {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            if (!keys.contains(names.next())) {
                throw new IllegalArgumentException("the " + what + " has other keys than " + keys);
            }
        }
    }

    /**
     * Refuses other versions, and what only looks like one.
     *
     * @param optional whether it may be absent
     */
    public static void requireVersion(JsonNode node, int version, boolean optional, String what) {
        JsonNode found = node.get("v");
        if (found == null ? !optional : !found.isInt() || found.intValue() != version) {
            throw new IllegalArgumentException("the " + what + "'s version \"v\" is not " + version);
        }
    }

    /** A list of texts, empty where the key is absent. */
    public static List<String> texts(JsonNode node, String key, String what) {
        List<String> texts = new ArrayList<>();
        JsonNode list = node.get(key);
        boolean all = list == null || list.isArray();
        for (JsonNode text : node.path(key)) {
            all &= text.isTextual();
            texts.add(text.textValue());
        }
        if (!all) {
            throw new IllegalArgumentException("the " + what + "'s " + key + " are no list of names");
        }
        return texts;
    }

    /** A count of rows, or −1 where the key is absent. */
    public static long rows(JsonNode node, String key, String what) {
        JsonNode value = node.get(key);
        if (value == null) {
            return -1;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new IllegalArgumentException("the " + what + "'s " + key + " is no row count");
        }
        return value.longValue();
    }

    /** Whether a key is true; false where it is absent. */
    public static boolean flag(JsonNode node, String key, String what) {
        JsonNode value = node.get(key);
        if (value != null && !value.isBoolean()) {
            throw new IllegalArgumentException("the " + what + "'s " + key + " is neither true nor false");
        }
        return value != null && value.booleanValue();
    }

    /** The name of a file. */
    public static String name(JsonNode node, String what) {
        if (!node.path("name").isTextual()) {
            throw new IllegalArgumentException("the " + what + " has no name");
        }
        return requireName(node.path("name").textValue());
    }

    /**
     * Refuses a name with the extension, which names another file.
     *
     * @return the name
     */
    public static String requireName(String name) {
        if (name.endsWith(".npz")) {
            throw new IllegalArgumentException("a file's name is without its .npz");
        }
        return name;
    }
}
