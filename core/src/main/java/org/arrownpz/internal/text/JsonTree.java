package org.arrownpz.internal.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Nodes from a parser, as {@code ObjectMapper.readTree} makes them. Making an ObjectMapper loads some 500 classes and
 * the locale's data, and takes longer than reading the metadata of 100 columns.
 */
public final class JsonTree {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final JsonFactory PARSERS = new JsonFactory();

    private JsonTree() {}

    /** The first value of a text; a missing node where it is no JSON. */
    public static JsonNode read(String text) {
        try (JsonParser parser = PARSERS.createParser(text)) {
            JsonNode node = read(parser);
            return node == null ? NODES.missingNode() : node;
        } catch (IOException e) {
            return NODES.missingNode();
        }
    }

    /** The next value, or null where the text holds no more. Nesting takes no stack. */
    public static @Nullable JsonNode read(JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            return null;
        }
        JsonNode root = node(token, parser);
        Deque<ContainerNode<?>> open = new ArrayDeque<>();
        if (root instanceof ContainerNode<?> container) {
            open.push(container);
        }
        while (!open.isEmpty()) {
            ContainerNode<?> parent = open.element();
            // The parser itself refuses text that ends inside a container.
            token = parser.nextToken();
            if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
                open.pop();
                continue;
            }
            String key = null;
            if (token == JsonToken.FIELD_NAME) {
                key = parser.currentName();
                token = parser.nextToken();
            }
            JsonNode child = node(token, parser);
            if (parent instanceof ObjectNode object) {
                object.set(key, child);
            } else if (parent instanceof ArrayNode array) {
                array.add(child);
            }
            if (child instanceof ContainerNode<?> container) {
                open.push(container);
            }
        }
        return root;
    }

    private static JsonNode node(JsonToken token, JsonParser parser) throws IOException {
        return switch (token) {
            case START_OBJECT -> NODES.objectNode();
            case START_ARRAY -> NODES.arrayNode();
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT ->
                switch (parser.getNumberType()) {
                    case INT -> NODES.numberNode(parser.getIntValue());
                    case LONG -> NODES.numberNode(parser.getLongValue());
                    default -> NODES.numberNode(parser.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new IOException("no JSON value: " + token);
        };
    }
}
